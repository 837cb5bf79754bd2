import { joined, type ShellCommand } from './shell-commands.ts';

/** The program that a command runs in the end, without its starters. */
export interface Invocation {
  /** Name of the program, without its folder. */
  readonly tool: string;
  /** The program itself if it is a path, from the top. */
  readonly program: string | null;
  readonly args: readonly string[];
  /** What started it: `c8`, `npx`. */
  readonly via: readonly string[];
  /** Where it runs, from the top; empty: there. */
  readonly folder: string;
}

/** Programs that start another one, with their own words before it. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  npx: /^-(?!p$|-package$)/,
  bunx: /^-/,
  pnpx: /^-/,
  env: /^-|^\w+=/,
  'cross-env': /^\w+=/,
  'cross-env-shell': /^\w+=/,
  dotenv: /^-/,
  nice: /^-/,
  nohup: /^-/,
  sudo: /^-|^\w+=/,
  timeout: /^-|^[\d.]+[smhd]?$/,
  c8: /^-/,
  nyc: /^-/,
  'xvfb-run': /^-/,
  coverage: /^(?:-.*|run)$/,
  stdbuf: /^-/,
  ionice: /^-/,
  xargs: /^-/,
};
/** Tools with a word that says: the rest is a command. */
const EXECS: Readonly<Record<string, RegExp>> = {
  npm: /^(?:exec|x)$/,
  pnpm: /^(?:exec|dlx)$/,
  yarn: /^(?:exec|dlx)$/,
  bun: /^x$/,
  uv: /^run$/,
  poetry: /^run$/,
  pipenv: /^run$/,
  pdm: /^run$/,
  rye: /^run$/,
  hatch: /^run$/,
  bundle: /^exec$/,
  mise: /^(?:exec|x)$/,
  volta: /^run$/,
  corepack: /./,
};
/** Yarn and pnpm take a program of node_modules for a script's name. */
const OWN_WORDS =
  /^(?:run|run-script|test|tst|t|start|stop|restart|install|i|ci|add|remove|build|pack|publish|workspaces?|exec|dlx|x|audit|why|rebuild|prune|lint|format|check|-.*)$/;
const FOLDER_FLAGS = /^(?:--prefix|-C|--dir|--cwd|--directory|--project-dir|--chdir|-w|--workspace|--filter|-F)$/;
const GOES_INTO: Readonly<Record<string, RegExp>> = {
  npm: /^(?:--prefix|-C)$/,
  pnpm: /^(?:--dir|-C)$/,
  yarn: /^--cwd$/,
  bun: /^--cwd$/,
  make: /^(?:-C|--directory)$/,
  gmake: /^(?:-C|--directory)$/,
  go: /^-C$/,
  just: /^(?:-d|--working-directory)$/,
};

export function invocationOf({ words, folder: start }: ShellCommand): Invocation {
  let folder = start;
  let rest = [...words];
  const via: string[] = [];
  for (;;) {
    const [first = '', ...args] = rest;
    const tool = nameOf(first);
    const into = GOES_INTO[tool];
    if (into !== undefined) {
      const at = args.findIndex((arg) => into.test(arg.replace(/=.*/, '')));
      const flag = args[at];
      if (flag !== undefined) {
        const own = flag.includes('=');
        folder = joined(folder, own ? flag.slice(flag.indexOf('=') + 1) : (args[at + 1] ?? ''));
        rest = [first, ...args.toSpliced(at, own ? 1 : 2)];
        continue;
      }
    }
    const next = inner(tool, args);
    if (next === null) {
      const path = first.replace(/^(?:\.\/)+/, '');
      const isPath = first.includes('/') && !first.startsWith('/') && !first.includes('node_modules/');
      return { tool, program: isPath ? joined(folder, path) : null, args, via, folder };
    }
    via.push(tool);
    rest = next;
  }
}

/** The command that a starter runs; null: it is no starter, or none is visible. */
function inner(tool: string, args: readonly string[]): string[] | null {
  const own = WRAPPERS[tool];
  if (own !== undefined) {
    const at = args.findIndex((arg) => !own.test(arg));
    return at < 0 ? null : args.slice(at);
  }
  const [at, word] = firstWord(args);
  if (word === undefined) return null;
  if (EXECS[tool]?.test(word) === true) {
    const from = tool === 'corepack' ? at : at + 1;
    const rest = args.slice(from);
    const begin = rest.findIndex((arg) => !arg.startsWith('-'));
    return begin < 0 ? null : rest.slice(begin);
  }
  if ((tool === 'yarn' || tool === 'pnpm') && !OWN_WORDS.test(word)) return args.slice(at);
  if (/^(?:python[\d.]*|py)$/.test(tool)) {
    const module = args.indexOf('-m');
    const before = args.slice(0, module);
    if (module >= 0 && before.every((arg) => arg.startsWith('-')) && args[module + 1] !== undefined)
      return args.slice(module + 1);
  }
  return null;
}

/** The first word that is neither a flag nor a folder flag's value. */
function firstWord(args: readonly string[]): readonly [number, string | undefined] {
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (FOLDER_FLAGS.test(arg)) i += 1;
    else if (!arg.startsWith('-')) return [i, arg];
  }
  return [-1, undefined];
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/@[\w.^~-]+$/, '');
}
