import type { Script } from '../../../src/tour/endpoint.ts';
import type { PersonOptions } from '../person.ts';

/** A page whose commands are typed, and the repository, the agent and the programs that they meet. */
export interface TypedPage {
  readonly page: string;
  /** Body of the scripted `claude`; absent: the real one, with this model. */
  readonly claude?: string;
  readonly model?: Script;
  /** Of the first commit. */
  readonly files: NonNullable<PersonOptions['files']>;
  readonly env?: NonNullable<PersonOptions['env']>;
  /** Other programs on PATH by their names: scripts for `sh`. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** A good colleague, who leaves something to do in `light` where the page shows how to correct. */
const theme = (fails: boolean): string => `
init();
const again = args.includes('--resume');
const todo = ${fails} && variant === 'light' && !again;
fs.mkdirSync('src', { recursive: true });
fs.writeFileSync('src/theme.css', ':root {\\n  --text: #111;\\n  --accent: ' + (todo ? 'TODO' : again ? '#b4531a' : '#ffb454') + ';\\n}\\n');
call('Write', { file_path: 'src/theme.css', content: '…' });
const denied = { tool_name: 'Bash', tool_use_id: 'toolu_npm', tool_input: { command: 'npm install chroma-js' } };
done({ result: 'Rework the theme.', permission_denials: ${fails} && variant === 'dark' ? [denied] : [] });
`;

const THEMED = {
  'package.json': '{"name":"app","scripts":{"test":"node check.js"}}\n',
  'package-lock.json': '{"name":"app","lockfileVersion":3,"packages":{"":{"name":"app"}}}\n',
  'check.js':
    "if (require('node:fs').readFileSync('src/theme.css', 'utf8').includes('TODO')) {\n  console.error('error: the theme holds a TODO');\n  process.exit(1);\n}\n",
  'src/theme.css': ':root {}\n',
};

/** Three of the features want the same line of the menu. Asked to resolve a conflict, an agent keeps both sides. */
const FEATURES = `
init();
const edit = (path, change) => {
  fs.writeFileSync(path, change(fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : ''));
  call('Edit', { file_path: path });
};
const entry = (name) => edit('src/menu.js', (menu) => menu.replace("  'Home',\\n", "  'Home',\\n  '" + name + "',\\n"));
const page = (name) => edit('src/' + name + '.js', () => "exports.title = '" + name + "';\\n");
const does = {
  search: () => { page('search'); entry('Search'); return 'Search all entries.'; },
  settings: () => { page('settings'); entry('Settings'); return 'Add a page for settings.'; },
  about: () => { page('about'); entry('About'); return 'Add a page about the app.'; },
  export: () => { page('export'); return 'Export all entries as CSV.'; },
  button: () => { edit('src/export.js', (text) => text + "exports.button = 'Download';\\n"); return 'Add a button that downloads the export.'; },
};
const resolve = () => {
  edit('src/menu.js', (menu) => menu.split('\\n').filter((line) => !/^[<=>]{7}/.test(line)).join('\\n'));
  return 'Resolve the conflict in the menu.';
};
done({ result: args.includes('--resume') ? resolve() : does[variant]() });
`;

const MENU = {
  'package.json': '{"name":"app","scripts":{"test":"node check.js"}}\n',
  'check.js': "for (const name of require('./src/menu.js')) console.log(name);\n",
  'src/menu.js': "module.exports = [\n  'Home',\n];\n",
};

/** An app that a browser can look at. */
const SERVED = {
  ...THEMED,
  'package.json': '{"name":"app","scripts":{"test":"node check.js","dev":"node server.js"}}\n',
  'index.html':
    '<!doctype html><html lang="en"><title>App</title><link rel="stylesheet" href="/src/theme.css"><h1>App</h1></html>\n',
  'server.js': `const { createServer } = require('node:http');
const { readFileSync } = require('node:fs');
createServer((request, response) => {
  const css = request.url === '/src/theme.css';
  response.setHeader('content-type', css ? 'text/css' : 'text/html');
  response.end(readFileSync(css ? 'src/theme.css' : 'index.html'));
}).listen(Number(process.env.PORT), '127.0.0.1');
`,
};

/** The only pull request: `login`, merged under another shape than the branch has here. */
const GH = `#!/bin/sh
printf '[{"number":12,"headRefName":"login","headRefOid":"%s"}]\\n' "$(git rev-parse login)"
`;

const GREETING = `name: greet
prompt: Make the greeting friendlier.
defaults: { budgetUsd: 2 }
variants:
  name: Greet by name.
  daytime: Greet by the time of day.
verify:
  test: node check.js
`;

const bash = (command: string, more: object = {}) => ({
  tools: [{ name: 'Bash', input: { command, description: command, ...more } }],
});

/** What the main agent does, one answer after the other. */
const DRIVES = [
  { tools: [{ name: 'Skill', input: { skill: 'copse:copse' } }] },
  { tools: [{ name: 'Write', input: { file_path: 'variants.yaml', content: GREETING } }] },
  bash('copse plan'),
  { text: 'Two variants, name and daytime, with the check `node check.js`. Together they cost at most $4.00. Shall I start?' },
  bash('copse run --detach'),
  bash('copse wait greet', { run_in_background: true }),
];

/** The main agent, which is woken by the end of the run, and the agents of the variants. */
const DRIVEN: Script = ({ conversation, userText, body }) => {
  if (!userText.includes('copse:copse')) {
    const line = userText.includes('Greet by name') ? "'Hello, Ada'" : "'Good morning' + ''";
    if (conversation === 0)
      return { tools: [{ name: 'Write', input: { file_path: 'greet.js', content: `module.exports = ${line};\n` } }] };
    return { text: 'Greet people as they like it.' };
  }
  const said = JSON.stringify(body.messages);
  if (!said.includes('task-notification')) return DRIVES[conversation] ?? { text: 'It runs in the background.' };
  if (!said.includes('copse compare')) return bash('copse compare');
  return { text: 'Both variants pass the check. daytime changes one line more. I would take name. Shall I merge it?' };
};

export const TYPED_PAGES: readonly TypedPage[] = [
  { page: 'README.md', claude: theme(false), files: THEMED },
  { page: 'docs/guide.md', claude: theme(true), files: THEMED },
  { page: 'docs/guide-ab-experiments.md', claude: theme(false), files: THEMED },
  { page: 'docs/guide-stakeholder-demos.md', claude: theme(false), files: SERVED },
  {
    page: 'docs/guide-parallel-features.md',
    claude: FEATURES,
    files: MENU,
    env: { EDITOR: 'keep-both-sides' },
    programs: { 'keep-both-sides': '#!/bin/sh\nsed -i \'/^[<=>]\\{7\\}/d\' "$1"\n' },
  },
  {
    page: 'docs/guide-driven-by-claude.md',
    model: DRIVEN,
    files: { 'greet.js': "module.exports = 'Hello';\n", 'check.js': "if (!require('./greet.js')) process.exit(1);\n" },
  },
  {
    page: 'docs/guide-cleanup.md',
    claude: theme(false),
    files: { 'readme.md': 'An app.\n', '.gitignore': 'node_modules/\n.env\n' },
    programs: { gh: GH },
  },
];
