export const intro = (repository: string): string =>
  [
    'A tour of copse, about a minute: three approaches to one task, side by side.',
    `The sample repository is ${repository}`,
    'The claude you see is the real one; it talks to a script on this machine. No account, no network, no cost.',
  ].join('\n');

export const outro = (repository: string, folder: string, verbs: ReadonlySet<string>): string => {
  const look = [
    `  cd ${repository}`,
    verbs.has('status') ? '  copse status                  # where everything stands' : '',
    verbs.has('logs') ? '  copse logs dark               # what an agent did' : '',
    '  git diff main ui/light        # what it changed',
    '  git log --oneline --graph --all',
  ].filter((line) => line !== '');
  return ['Three branches to look at, each in a worktree of its own:', ...look, `Take it away again: rm -rf ${folder}`].join(
    '\n',
  );
};
