/** A check as `init` proposes it: with a report if the test runner is known to write one. */
export interface ProposedCheck {
  readonly run: string;
  readonly report: string | null;
}

/** Ignored by git nearly everywhere, and there before the tests run. */
const XML_IN_MODULES = 'node_modules/.test-report.xml';
const JSON_IN_MODULES = 'node_modules/.test-report.json';

interface Runner {
  /** The words of a command, without those before the runner. */
  readonly is: (words: readonly string[]) => boolean;
  readonly flags: string;
  readonly report: string;
}

/** Runners of package scripts. These flags have no value and may be anywhere after the runner's name. */
const SCRIPT_RUNNERS: readonly Runner[] = [
  {
    is: ([name, verb]) => name === 'vitest' && (verb === undefined || verb === 'run' || verb.startsWith('-')),
    flags: `--reporter=default --reporter=junit --outputFile.junit=${XML_IN_MODULES}`,
    report: XML_IN_MODULES,
  },
  { is: ([name]) => name === 'jest', flags: `--json --outputFile=${JSON_IN_MODULES}`, report: JSON_IN_MODULES },
  // Its JSON would replace what people read.
  { is: ([name]) => name === 'mocha', flags: '--reporter=tap', report: '-' },
  {
    // After the first file all words are the test's own.
    is: ([name, ...words]) => name === 'node' && words.includes('--test') && words.every((word) => word.startsWith('-')),
    flags: '--test-reporter=tap',
    report: '-',
  },
];

/** The user has chosen how results are shown. */
const CHOSEN =
  /(?:^|\s)(?:--reporters?|--outputFile|--json|--test-reporter(?:-destination)?|--junitxml|--junit-xml|-json|-R)(?:[\s=.]|$)/;

/** Characters with which a shell does more than start one program after another. */
const SHELL = /[|;<>$`(){}&\\\n]/;

/**
 * `run` so that it writes a report, if it is certain how: otherwise as it is, and null. `script`: the line of package.json that `run` starts
 * (`npm test`); what is added to `run` is then added to its last command.
 */
export function withReport(run: string, script: string | null): ProposedCheck {
  const asItIs = { run, report: null };
  const line = script ?? run;
  if (CHOSEN.test(line)) return asItIs;
  const last = line.split('&&').at(-1) ?? '';
  if (SHELL.test(last) || SHELL.test(line.replaceAll('&&', ''))) return asItIs;
  const words = runnerWords(last);
  if (script !== null) {
    const runner = SCRIPT_RUNNERS.find(({ is }) => is(words));
    if (runner === undefined) return asItIs;
    // npm alone keeps options for itself that do not stand behind `--`.
    return { run: `${run}${run.startsWith('npm ') ? ' --' : ''} ${runner.flags}`, report: runner.report };
  }
  if (words[0] === 'pytest') return { run: `${run} --junitxml=.pytest_cache/junit.xml`, report: '.pytest_cache/junit.xml' };
  if (words[0] === 'go' && words[1] === 'test') return { run: run.replace('go test', 'go test -json'), report: '-' };
  if (words[0] === 'cargo' && words[1] === 'test') return { run, report: '-' };
  if (words[0] === 'mvn' && words.includes('test')) return { run, report: '**/target/surefire-reports/*.xml' };
  return asItIs;
}

/** Without variables and the programs that only start another. */
function runnerWords(command: string): readonly string[] {
  const words = command.trim().split(/\s+/);
  const start = words.findIndex((word) => !/^[A-Z_][A-Z0-9_]*=\S*$|^(?:cross-env|npx|c8|nyc)$/.test(word));
  const rest = start === -1 ? [] : words.slice(start);
  const [name = '', verb, second] = rest;
  if ((name === 'uv' || name === 'poetry') && verb === 'run') return rest.slice(2);
  if (/(?:^|\/)python3?$/.test(name) && verb === '-m' && second === 'pytest') return rest.slice(2);
  return rest;
}
