export const intro = (repository: string): string =>
  [
    'A tour of copse, about a minute: three approaches to one task, side by side.',
    `The sample repository is ${repository}`,
    'The claude you see is the real one; it talks to a script on this machine.',
    'No account, no network, no cost.',
  ].join('\n');

export const servedForAMoment = 'Stopped again, because this is a tour. Yours keeps running until Ctrl-C.';

export const stoppedToo = 'The model that answers the agents is part of the tour and ends with it, so their run is stopped too.';

export const cutShort = (folder: string): string =>
  `The tour ends here. The sample is in ${folder}; remove it with: rm -rf ${folder}`;

export const outro = (o: {
  readonly repository: string;
  readonly folder: string;
  readonly verbs: ReadonlySet<string>;
  /** A shell line that defines `copse`; null if it is on PATH. */
  readonly alias: string | null;
}): string => {
  const look: readonly (readonly [command: string, does: string])[] = [
    [`cd ${o.repository}`, ''],
    ...(o.alias === null ? [] : [[o.alias, ''] as const]),
    ['cat variants.yaml', 'the task'],
    ...(o.verbs.has('status') ? [['copse status', 'the state of each variant'] as const] : []),
    ...(o.verbs.has('logs') ? [['copse logs dark', 'what an agent said and did'] as const] : []),
    o.verbs.has('diff') ? ['copse diff light', 'what it changed'] : ['git diff main ui/light', 'what it changed'],
    ...(o.verbs.has('serve') ? [['copse serve', 'all three in a browser, once you approve'] as const] : []),
    ['git log --all --oneline', 'the branches'],
    ['copse undo --list', 'what can be undone'],
  ];
  return [
    'adaptive is on main. All three branches are back, each in its own worktree. Have a look:',
    ...look.map(([command, does]) => `  ${does === '' ? command : `${command.padEnd(25)}# ${does}`}`),
    `Remove the sample: rm -rf ${o.folder}`,
  ].join('\n');
};
