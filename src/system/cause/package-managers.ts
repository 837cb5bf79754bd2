import { after, before, named, plainMessage, type Recogniser } from './recogniser.ts';

const NPM = '^npm (?:error|ERR!) ?';
/** Lines that npm adds to every error, and to the failure of a script, whose own output has the reason. */
const NPM_ADDS =
  /^(?:code|errno|syscall|path|dest|cwd|workspace|location|command)\b|^(?:Lifecycle script|Test failed|weird error|Exit status|Failed at the|This is probably not|A complete log|For a full report|\S+@\S+ \w+: )|^$/;

/** Programs that install packages and run scripts. */
export const PACKAGE_MANAGERS: readonly Recogniser[] = [
  {
    tool: 'npm ci',
    mark: new RegExp(`${NPM}.*can only install packages when your package.json and .* are in sync`),
    cause: (found) => {
      const first = after(found, new RegExp(`${NPM}((?:Missing|Invalid): .*)$`), 4)?.[1];
      return named('npm ci: package.json and package-lock.json are not in sync', first ?? '');
    },
  },
  {
    tool: 'npm, peers',
    mark: new RegExp(`${NPM}(ERESOLVE .*)$`),
    cause: (found) => {
      const wanted = after(found, new RegExp(`${NPM}((?:peer(?:Optional)?|dev) .*)$`), 40)?.[1];
      const has = after(found, new RegExp(`${NPM}Found: (.*)$`), 10)?.[1];
      return `${found.match[1]}${wanted === undefined ? '' : `: ${wanted}`}${has === undefined ? '' : `, found ${has}`}`;
    },
  },
  {
    tool: 'npm',
    mark: new RegExp(`${NPM}(.*)$`),
    cause: ({ match, lines, at }) => {
      const said = (match[1] ?? '').trim();
      if (NPM_ADDS.test(said)) return null;
      // A sentence may span several lines.
      const next = new RegExp(`${NPM}(\\S.*)$`).exec(lines[at + 1] ?? '')?.[1];
      const whole =
        next !== undefined && /^(?!enoent|eacces|notarget|syscall|errno|path)[a-z]/.test(next) && !/[.:]$/.test(said)
          ? `${said} ${next}`
          : said;
      return whole.replace(/^(?:notarget|JSON\.parse|enoent|eacces) /, '').replace(/^(.{40,}?\.) .*$/, '$1');
    },
  },
  { tool: 'pnpm', mark: /^\s*(ERR_PNPM_(?!RECURSIVE)\w+\s.*)$/ },
  {
    tool: 'yarn',
    mark: /^error (?!Command failed with exit code)(.*)$/,
    cause: (found) => (before(found, /^yarn (?:\w+ )?v[\d.]+$/, 10_000) === null ? null : (found.match[1] ?? null)),
  },
  { tool: 'yarn, from 2 on', mark: /^➤ YN0028: (?:│ )?([^-+│ ].*)$/ },
  {
    tool: 'yarn, from 2 on',
    mark: /^➤ YN(?!0000)\d+: [│ └]*(.*(?:Error|can't|cannot|couldn't|isn't|doesn't|No candidates|not found).*)$/i,
  },
  { tool: 'yarn, from 2 on', mark: /^(?:Usage|Internal) Error: (.*)$/ },
  { tool: 'uv', mark: /^ {2}cause: (.*)$/ },
  { tool: 'uv', mark: /^ {2}(?:×|╰─▶) (Because .*)$/ },
  {
    tool: 'pip',
    mark: /^ERROR: (?!usage: |ResolutionImpossible|Failed building wheel|Could not build wheels)(.*)$/,
    cause: ({ match }) => plainMessage(match[1] ?? '').replace(/ \(from versions: .*$/, ''),
  },
  {
    tool: 'make',
    mark: /^\w*make(?:\[\d+\])?: \*\*\* (No rule to make target .*?|No targets.*?|missing separator.*?)\.?\s*(?:Stop\.)?$/,
  },
  {
    tool: 'make',
    mark: /^(\S*[Mm]akefile\S*:\d+): \*\*\* (.*?)\.?\s+Stop\.$/,
    cause: ({ match }) => named(match[1] ?? '', match[2] ?? ''),
  },
  {
    tool: 'Maven',
    mark: /^\[ERROR\] Failed to execute goal (?:.*? )?on project \S+: (.*?)(?: -> \[Help \d+\])?$/,
    cause: ({ match }) => (match[1] ?? '').replace(/^Could not resolve dependencies for project \S+: /, ''),
  },
];
