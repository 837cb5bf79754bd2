import { isAbsolute, join } from 'node:path';
import type { Script, ScriptedTool, ScriptedTurn, ScriptRequest } from './endpoint.ts';
import { APPROACHES } from './sample-files.ts';

/** One turn; paths are relative to the worktree. */
interface Step {
  readonly seconds: number;
  readonly text?: string;
  readonly tools?: readonly ScriptedTool[];
  /** Tokens written. */
  readonly output: number;
}

const read = (path: string): ScriptedTool => ({ name: 'Read', input: { file_path: path } });
const write = (path: string, content: string): ScriptedTool => ({ name: 'Write', input: { file_path: path, content } });
const edit = (path: string, before: string, after: string): ScriptedTool => ({
  name: 'Edit',
  input: { file_path: path, old_string: before, new_string: after },
});
const bash = (command: string, description: string): ScriptedTool => ({ name: 'Bash', input: { command, description } });
const find = (pattern: string): ScriptedTool => ({ name: 'Glob', input: { pattern } });
const search = (pattern: string): ScriptedTool => ({ name: 'Grep', input: { pattern, output_mode: 'files_with_matches' } });

const TESTS = bash('node --test', 'Run the tests');
const CONTRAST = bash('node scripts/contrast.js', 'Check the contrast');

const PALETTE = `  --background: #ffffff;
  --surface: #f4f4f4;
  --text: #666666;
  --accent: #3366cc;
`;
const DARK_PALETTE = `  --background: #0b0f14;
  --surface: #151c24;
  --text: #e8eef4;
  --accent: #ffb454;
`;
const LIGHT_PALETTE = `  --background: #fffaf3;
  --surface: #fdeedb;
  --text: #3b2f26;
  --accent: #b4531a;
`;

const DARK: readonly Step[] = [
  { seconds: 1.1, text: 'I look at what is there first.', tools: [find('**/*.css'), read('src/theme.css')], output: 96 },
  { seconds: 1.3, tools: [read('src/layout.css'), read('index.html')], output: 88 },
  {
    seconds: 2.2,
    text: 'The palette is the one place to change. Near-black background, off-white text, an amber accent.',
    tools: [edit('src/theme.css', PALETTE, DARK_PALETTE)],
    output: 412,
  },
  {
    seconds: 1.9,
    tools: [
      edit('src/theme.css', ':root {\n', ':root {\n  color-scheme: dark;\n'),
      edit('src/layout.css', '  padding: 1rem;\n', '  padding: 1rem;\n  border-inline-start: 3px solid var(--accent);\n'),
    ],
    output: 260,
  },
  { seconds: 1.5, tools: [CONTRAST], output: 74 },
  { seconds: 1.4, tools: [TESTS], output: 70 },
  {
    seconds: 1.8,
    text: 'Dark theme with high contrast\n\nNear-black background, off-white text (16 : 1) and an amber accent for headings and day cards. Form controls follow through color-scheme. Both checks pass.',
    output: 318,
  },
];

const LIGHT: readonly Step[] = [
  { seconds: 1.4, text: 'Warm and light. First the files.', tools: [read('src/theme.css'), read('src/layout.css')], output: 90 },
  { seconds: 1.2, tools: [search('--accent')], output: 66 },
  {
    seconds: 1.6,
    text: 'A library would compute the tints for me.',
    tools: [bash('npm install chroma-js', 'Install a colour library')],
    output: 120,
  },
  {
    seconds: 2.1,
    text: 'That is not allowed here; four colours are quickly chosen by hand.',
    tools: [edit('src/theme.css', PALETTE, LIGHT_PALETTE)],
    output: 385,
  },
  {
    seconds: 1.9,
    tools: [
      edit(
        'src/layout.css',
        '  background: var(--surface);\n}',
        '  background: linear-gradient(135deg, var(--surface), var(--background));\n  border-radius: 0.75rem;\n}',
      ),
    ],
    output: 240,
  },
  { seconds: 1.4, tools: [CONTRAST, TESTS], output: 102 },
  {
    seconds: 1.7,
    text: 'Warm light theme with soft day cards\n\nCream background, dark brown text (12 : 1), terracotta accent; day cards have a gentle gradient and round corners. I wanted a colour library for the tints, which needed an approval, and chose the colours by hand instead.',
    output: 344,
  },
];

const ADAPTIVE: readonly Step[] = [
  {
    seconds: 1.6,
    text: 'Both schemes, chosen by the system. I read everything first.',
    tools: [find('**/*'), read('src/theme.css')],
    output: 110,
  },
  { seconds: 1.5, tools: [read('src/layout.css'), read('index.html'), read('test/theme.test.js')], output: 130 },
  {
    seconds: 2.4,
    text: 'One palette for each scheme, the dark one behind a media query.',
    tools: [
      write(
        'src/theme.css',
        `:root {\n  color-scheme: light dark;\n${PALETTE}}\n\n@media (prefers-color-scheme: dark) {\n  :root {\n${DARK_PALETTE.replace(/^/gm, '  ').trimEnd()}\n  }\n}\n`,
      ),
    ],
    output: 620,
  },
  { seconds: 1.5, tools: [CONTRAST], output: 78 },
  {
    seconds: 1.9,
    text: 'The light text is too faint for the check; darker it is.',
    tools: [edit('src/theme.css', '--text: #666666;', '--text: #333333;')],
    output: 210,
  },
  { seconds: 1.4, tools: [CONTRAST], output: 76 },
  {
    seconds: 2.0,
    tools: [
      edit('index.html', '    <title>', '    <meta name="color-scheme" content="light dark" />\n    <title>'),
      write(
        'docs/theme.md',
        '# Theme\n\nThe page follows the colour scheme of the system. Both palettes are in `src/theme.css`.\n',
      ),
    ],
    output: 330,
  },
  { seconds: 1.6, tools: [TESTS], output: 72 },
  {
    seconds: 1.9,
    text: 'Theme that follows the system, dark and light\n\nTwo palettes behind prefers-color-scheme, announced to the browser before the first paint, and a page in docs/. The old light text failed the contrast check; it is darker now. Both checks pass.',
    output: 402,
  },
];

const STEPS: Readonly<Record<keyof typeof APPROACHES, readonly Step[]>> = { dark: DARK, light: LIGHT, adaptive: ADAPTIVE };

/**
 * The model of the tour: each variant does several real things, one of them is denied a call, one has to correct itself. About
 * 12 s each; `speed` 2 halves the pauses.
 */
export function tourScript(speed = 1): Script {
  return (request) => {
    const step = stepsFor(request)[request.conversation];
    if (step === undefined) return afterwards(speed);
    return turnOf(step, request, speed);
  };
}

function turnOf(step: Step, request: ScriptRequest, speed: number): ScriptedTurn {
  const root = workingDirectory(request);
  return {
    delayMs: Math.round((step.seconds * 1000) / speed),
    ...(step.text === undefined ? {} : { text: step.text }),
    tools: (step.tools ?? []).map((tool) => ({ name: tool.name, input: placed(tool.input, root) })),
    // As with prompt caching: earlier messages are read from the cache, new ones are written to it.
    usage: {
      input: 12,
      output: step.output,
      cacheRead: 11_400 + request.conversation * 1_350,
      cacheWrite: request.conversation === 0 ? 2_900 : 1_350,
    },
  };
}

/** A correction of a person's in a session that has done its steps. */
function afterwards(speed: number): ScriptedTurn {
  return {
    delayMs: Math.round(900 / speed),
    text: 'This is the tour: its model has no more steps. With your own Claude Code the session would continue here.',
    usage: { input: 20, output: 40, cacheRead: 22_000, cacheWrite: 400 },
  };
}

/** The prompt holds the variant's approach. */
function stepsFor({ userText }: ScriptRequest): readonly Step[] {
  if (userText.includes(APPROACHES.dark)) return STEPS.dark;
  if (userText.includes(APPROACHES.light)) return STEPS.light;
  if (userText.includes(APPROACHES.adaptive)) return STEPS.adaptive;
  throw new Error('the tour knows the variants dark, light and adaptive of its own sample only');
}

/** The prompt of Claude Code has the working directory; the file tools want absolute paths. */
function workingDirectory({ systemText, userText }: ScriptRequest): string | null {
  return (
    /(?:Primary working directory|Working directory|current directory)[:,]\s*(\/.+?)\.?(?:\s*$|\. )/m.exec(
      `${systemText}\n${userText}`,
    )?.[1] ?? null
  );
}

function placed(input: Readonly<Record<string, unknown>>, root: string | null): Readonly<Record<string, unknown>> {
  const path = input['file_path'];
  if (root === null || typeof path !== 'string' || isAbsolute(path)) return input;
  return { ...input, file_path: join(root, path) };
}
