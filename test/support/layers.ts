/*
 * Who may import whom in `src/`: the table of `docs/architecture.md` as data. `biome.json` holds the same for editors (written from
 * here by `node test/support/write-layers.ts`); the layers test holds it by resolved path, which no spelling escapes.
 */

const BOTTOM = ['system', 'model', 'text'];
const TOOLS = ['repository', 'checks', 'trash', 'worktree', 'config', 'agent', 'git', 'store', ...BOTTOM];
const STATIONS = ['plan', 'survey', 'run', 'compare', 'merge', 'prune', 'undo', 'serve', 'tour', 'driver'];

/** Folder of `src/` → folders it may import besides itself; rules of a folder also apply to those in it. `main` is `src/main.ts`. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  // Besides the commands: how errors look (view), and the clock and the browser that it hands to commands (system).
  cli: ['commands', 'view', ...BOTTOM],
  commands: [...STATIONS, 'mcp', 'repository', 'view', 'config', 'model', 'text'],
  // Every tool is a line of copse, run as a process: nothing of a station is called.
  mcp: ['view', ...BOTTOM],
  view: ['model', 'text'],
  plan: ['config', 'model', 'text'],
  survey: ['repository', 'agent', 'worktree', 'config', 'git', 'store', ...BOTTOM],
  run: TOOLS,
  compare: TOOLS,
  merge: TOOLS,
  prune: TOOLS,
  undo: TOOLS,
  serve: TOOLS,
  driver: TOOLS,
  tour: BOTTOM,
  // Finishing first what a crash left open (trash) belongs to finding the way here.
  repository: ['trash', 'worktree', 'git', 'store', ...BOTTOM],
  checks: ['worktree', 'git', 'store', ...BOTTOM],
  trash: ['worktree', 'git', 'store', ...BOTTOM],
  worktree: ['git', 'store', ...BOTTOM],
  config: BOTTOM,
  agent: BOTTOM,
  git: ['store', ...BOTTOM],
  store: BOTTOM,
  system: ['model', 'text'],
  model: ['text'],
  text: [],
};

/** Package → folders that may import it. Packages not listed are free. */
export const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  'simple-git': ['git'],
  execa: ['system'],
  listr2: ['view'],
  yargs: ['cli', 'commands'],
  cosmiconfig: ['config'],
  '@modelcontextprotocol/sdk': ['mcp'],
};

/** Folders that may touch `process`; everything else gets what it needs as arguments. */
export const PROCESS_HOMES: readonly string[] = ['main', 'cli', 'system'];

/** Folders whose sub-folders are named like rooms: how deep these go. There the linter tells rooms from sub-folders by the way up. */
const DEPTHS: Readonly<Record<string, number>> = { git: 2, view: 3 };

/** The part of `biome.json` for one folder: the bans that an editor can see in the text of an import. */
export function restrictionsOf(folder: string): readonly Record<string, unknown>[] {
  const depth = DEPTHS[folder];
  if (depth === undefined) return [restrictions(folder, folder === 'main' ? 'src/main.ts' : `src/${folder}/**`, '**/')];
  return Array.from({ length: depth }, (_, above) =>
    restrictions(folder, `src/${folder}/${'*/'.repeat(above)}${above + 1 === depth ? '**' : '*'}`, '../'.repeat(above + 1)),
  );
}

function restrictions(folder: string, files: string, up: string): Record<string, unknown> {
  const allowed = new Set([folder, ...(MAY_IMPORT[folder] ?? [])]);
  const banned = Object.keys(MAY_IMPORT).filter((other) => other !== 'main' && !allowed.has(other));
  const paths = Object.fromEntries(
    Object.entries(PACKAGE_HOMES)
      .filter(([, homes]) => !homes.includes(folder))
      .map(([name, homes]) => [name, `Only ${homes.join(' and ')} may import ${name}.`]),
  );
  const patterns = [
    {
      group: banned.map((other) => `${up}${other}/**`),
      message: `${folder} may import: ${[...allowed].slice(1).join(', ') || 'nothing'}.`,
    },
  ];
  const rules: Record<string, unknown> = { noRestrictedImports: { level: 'error', options: { paths, patterns } } };
  if (PROCESS_HOMES.includes(folder)) rules['noRestrictedGlobals'] = 'off';
  return { includes: [files], linter: { rules: { style: rules } } };
}
