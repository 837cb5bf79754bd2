/*
 * Who may import whom in `src/`: the table of `docs/architecture.md` as data. `biome.json` holds the same for editors (written from
 * here by `node test/support/write-layers.ts`); the layers test holds it by resolved path, which no spelling escapes.
 */

const TOOLS = ['checks', 'trash', 'worktree', 'config', 'agent', 'git', 'store', 'system', 'model'];
const STATIONS = ['plan', 'survey', 'run', 'compare', 'merge', 'prune', 'undo', 'serve', 'tour'];

/** Folder of `src/` → folders it may import besides itself. `main` is `src/main.ts`. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  // Besides the commands: the nearest known word (config) and how errors look (view).
  cli: ['commands', 'config', 'view', 'model'],
  commands: [...STATIONS, 'view', 'config', 'model'],
  view: ['model'],
  plan: ['config', 'model'],
  survey: ['agent', 'worktree', 'config', 'git', 'store', 'system', 'model'],
  run: TOOLS,
  compare: TOOLS,
  merge: TOOLS,
  prune: TOOLS,
  undo: TOOLS,
  serve: TOOLS,
  tour: ['system', 'model'],
  checks: ['worktree', 'git', 'store', 'system', 'model'],
  trash: ['worktree', 'git', 'store', 'system', 'model'],
  worktree: ['git', 'store', 'system', 'model'],
  config: ['system', 'model'],
  agent: ['system', 'model'],
  git: ['store', 'system', 'model'],
  store: ['system', 'model'],
  system: ['model'],
  model: [],
};

/** Package → folders that may import it. Packages not listed are free. */
export const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  'simple-git': ['git'],
  execa: ['system'],
  listr2: ['view'],
  yargs: ['cli', 'commands'],
  cosmiconfig: ['config'],
};

/** Folders that may touch `process`; everything else gets what it needs as arguments. */
export const PROCESS_HOMES: readonly string[] = ['main', 'cli', 'system'];

/** What stands in `biome.json` for one folder: the bans that an editor can see in the text of an import. */
export function restrictionsOf(folder: string): Record<string, unknown> {
  const allowed = new Set([folder, ...(MAY_IMPORT[folder] ?? [])]);
  const banned = Object.keys(MAY_IMPORT).filter((other) => other !== 'main' && !allowed.has(other));
  const paths = Object.fromEntries(
    Object.entries(PACKAGE_HOMES)
      .filter(([, homes]) => !homes.includes(folder))
      .map(([name, homes]) => [name, `Only ${homes.join(' and ')} may import ${name}.`]),
  );
  const patterns = [
    {
      group: banned.map((other) => `**/${other}/**`),
      message: `${folder} may import: ${[...allowed].slice(1).join(', ') || 'nothing'}.`,
    },
  ];
  const rules: Record<string, unknown> = { noRestrictedImports: { level: 'error', options: { paths, patterns } } };
  if (PROCESS_HOMES.includes(folder)) rules['noRestrictedGlobals'] = 'off';
  return { includes: [folder === 'main' ? 'src/main.ts' : `src/${folder}/**`], linter: { rules: { style: rules } } };
}
