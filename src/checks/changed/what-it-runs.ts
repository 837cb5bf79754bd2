import {
  INTERPRETERS,
  isConfigurationOf,
  LOADS,
  LOOKERS,
  manifestKeysOf,
  ONLY_READS,
  OTHER_VALUE,
  SAYS_HOW,
  SHELL_WORDS,
  TASK_RUNNERS,
  TEST_RUNNERS,
  TEST_WORDS,
} from './check-tools.ts';
import type { Invocation } from './invocation.ts';
import { joined } from './shell-commands.ts';
import { isOfTests, isPartOfTests } from './test-files.ts';

/** The files that the verdict of one command depends on, besides those that it examines. */
export interface WhatItRuns {
  /** Whether it depends on this file. */
  dependsOn(path: string): boolean;
  /** Keys of package.json that say how it checks. */
  readonly manifestKeys: readonly string[];
  /** It runs something of which nothing is known. */
  readonly opaque: boolean;
}

/** `main`: files that package.json names as the product. */
export function whatItRuns(invocation: Invocation, main: ReadonlySet<string>): WhatItRuns {
  const { tool, program, args, via, folder } = invocation;
  const at = (word: string): string => joined(folder, word);
  const files = new Set<string>();
  const interpreter = INTERPRETERS.test(tool);
  const looks = LOOKERS.test(tool) || SHELL_WORDS.test(tool);
  for (const value of valuesOf(args, interpreter ? LOADS : LOOKERS.test(tool) || !looks ? SAYS_HOW : /^$/)) files.add(at(value));

  if (program !== null && !isProduct(program, main)) files.add(program);
  const script = interpreter ? scriptOf(tool, args) : null;
  if (script !== null && !isProduct(at(script), main)) files.add(at(script));

  const runsProduct = [program, script === null ? null : at(script)].some((path) => path !== null && isProduct(path, main));

  const words = args.filter((arg) => !arg.startsWith('-'));
  const testing = testsOf(invocation, script);
  // The expected side of a `diff`, a fixture: a bug is never fixed there.
  const named = new Set(words.map(at).filter(isOfTests));
  return {
    dependsOn: (path) =>
      files.has(path) ||
      named.has(path) ||
      [tool, ...via].some((name) => isConfigurationOf(name, path)) ||
      (testing !== null && (folder === '' || path.startsWith(`${folder}/`)) && isPartOfTests(path, testing, tool === 'go')),
    manifestKeys: [tool, ...via].flatMap(manifestKeysOf),
    opaque: !looks && testing === null && (files.size > 0 || !known(tool)) && !runsProduct,
  };
}

function known(tool: string): boolean {
  return INTERPRETERS.test(tool) || TASK_RUNNERS.test(tool);
}

/** Paths that choose among the tests it runs, none for all; null: it runs no tests. */
function testsOf({ tool, args, folder }: Invocation, script: string | null): readonly string[] | null {
  const word = Object.hasOwn(TEST_WORDS, tool) ? TEST_WORDS[tool] : undefined;
  if (TEST_RUNNERS.test(tool) || (word !== undefined && args.some((arg) => word.test(arg)))) {
    const chosen = pathsIn(args).map((path) => chosenPath(tool, path));
    return chosen.map((path) => joined(folder, path));
  }
  if (LOOKERS.test(tool) || SHELL_WORDS.test(tool)) return null;
  if (script !== null && isOfTests(joined(folder, script)) && !RUNS_ALL.test(script)) return [joined(folder, script)];
  const words = TASK_RUNNERS.test(tool)
    ? args.filter((arg) => TASK.test(arg))
    : [tool, ...args].filter((arg) => OF_TESTS.test(arg));
  return words.length > 0 ? [] : null;
}

/** Of a file in a folder of tests: it runs the others. */
const RUNS_ALL = /(?:^|\/)(?:run|runner|index|all|main)[\w-]*\.\w+$/i;
const TASK = /(?:^|[^a-z])(?:tests?|check|spec|specs|verify|unit|e2e|integration)(?:$|[^a-z])/i;
const OF_TESTS = /(?:^|[^a-z])(?:tests?|specs?|unittest|e2e)(?:$|[^a-z])/i;

/** `./pkg/...` of Go is a folder, `tests/a.py::test_x` of pytest a file, `tests.a` of unittest too. */
function chosenPath(tool: string, path: string): string {
  if (tool === 'unittest' && !path.endsWith('.py')) return `${path.replaceAll('.', '/')}.py`;
  return path.replace(/::.*$/, '').replace(/\/?\.\.\.$/, '');
}

/** Words that look like paths. */
function pathsIn(args: readonly string[]): string[] {
  return args.filter((arg, i) => {
    if (arg.startsWith('-') || /\s/.test(arg)) return false;
    const flag = args[i - 1] ?? '';
    if (OTHER_VALUE.test(flag) || SAYS_HOW.test(flag)) return false;
    return /[/*]/.test(arg) || /\w\.\w/.test(arg);
  });
}

/** Values of the flags that match, as `--flag value` and `--flag=value`. */
function valuesOf(args: readonly string[], flags: RegExp): string[] {
  return args.flatMap((arg, i) => {
    if (!arg.startsWith('-')) return [];
    const sign = arg.indexOf('=');
    if (sign > 0) return flags.test(arg.slice(0, sign)) ? [arg.slice(sign + 1)] : [];
    const value = args[i + 1];
    return flags.test(arg) && value !== undefined && !value.startsWith('-') ? [value] : [];
  });
}

/** The file that an interpreter runs; null: none, or it only reads it. */
function scriptOf(tool: string, args: readonly string[]): string | null {
  const family = tool.replace(/[\d.]+$/, '').replace(/^(?:ba|da|z|k)sh$/, 'sh');
  const reads = ONLY_READS[family];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (reads?.test(arg) === true || arg === '--test') return null;
    if (LOADS.test(arg)) i += 1;
    else if (!arg.startsWith('-') && !(/^(?:deno|bun)$/.test(tool) && arg === 'run') && !(tool === 'tsx' && arg === 'watch'))
      return arg;
  }
  return null;
}

const PRODUCT =
  /^(?:(?:packages|apps|crates|services|modules)\/[^/]+\/)?(?:src|lib|app|cmd|internal|pkg|dist|build|out|source|server|client|api|www|public|bin)\/|^(?:index|main|server|app|cli|start|__main__|manage)\.\w+$/;
const CHECKS = /(?:^|[^a-z])(?:tests?|specs?|check\w*|verify\w*|lint\w*|validat\w*|assert\w*|smoke|e2e|ci|bench\w*)(?:$|[^a-z])/i;

/** The command runs the product itself, which a variant is meant to change, not something that judges it. */
function isProduct(path: string, main: ReadonlySet<string>): boolean {
  return !CHECKS.test(path) && (PRODUCT.test(path) || main.has(path));
}
