/** A file of the sample repository. */
export interface SampleFile {
  /** Relative to its top. */
  readonly path: string;
  readonly text: string;
}

const INDEX_HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Tide Table</title>
    <link rel="stylesheet" href="src/theme.css" />
    <link rel="stylesheet" href="src/layout.css" />
  </head>
  <body>
    <header>
      <h1>Tide Table</h1>
      <p>High and low water for the next days.</p>
    </header>
    <main id="table"></main>
    <script type="module" src="src/app.js"></script>
  </body>
</html>
`;

const THEME_CSS = `:root {
  --background: #ffffff;
  --surface: #f4f4f4;
  --text: #666666;
  --accent: #3366cc;
}
`;

const LAYOUT_CSS = `body {
  margin: 0 auto;
  max-width: 40rem;
  padding: 2rem 1rem;
  font-family: system-ui, sans-serif;
  background: var(--background);
  color: var(--text);
}

h1 {
  color: var(--accent);
}

.day {
  margin-block: 1rem;
  padding: 1rem;
  background: var(--surface);
}
`;

const APP_JS = `import { days } from './tides.js';

const table = document.querySelector('#table');
table.replaceChildren(
  ...days.map(({ date, high, low }) => {
    const day = document.createElement('section');
    day.className = 'day';
    day.textContent = \`\${date}: high \${high}, low \${low}\`;
    return day;
  }),
);
`;

const TIDES_JS = `export const days = [
  { date: 'Monday', high: '03:12', low: '09:24' },
  { date: 'Tuesday', high: '03:58', low: '10:11' },
  { date: 'Wednesday', high: '04:45', low: '11:02' },
];
`;

const SERVER_JS = `// Shows this folder in a browser: PORT=4000 node server.js
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';

const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };
const { PORT = '4000' } = process.env;
const top = import.meta.dirname;

createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = await realpath(join(top, decodeURIComponent(pathname === '/' ? '/index.html' : pathname)));
    if (!file.startsWith(top + sep) || !(await stat(file)).isFile()) throw new Error('not shown');
    response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain');
    createReadStream(file).pipe(response);
  } catch {
    response.writeHead(404).end('There is nothing here.');
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
`;

const CONTRAST_JS = `// Fails where text and background are closer together than WCAG AAA allows.
import { readFileSync } from 'node:fs';

const WANTED = 7;
const css = readFileSync('src/theme.css', 'utf8');
const blocks = css.match(/:root[^{]*\\{[^}]*\\}/g) ?? [];

const colour = (block, name) => new RegExp(\`--\${name}:\\\\s*#([0-9a-f]{6})\`, 'i').exec(block)?.[1];
const luminance = (hex) => {
  const [r, g, b] = [0, 2, 4].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

let failed = false;
for (const [number, block] of blocks.entries()) {
  const background = colour(block, 'background');
  const text = colour(block, 'text');
  if (!background || !text) continue;
  const ratio = contrast(background, text);
  const fine = ratio >= WANTED;
  failed ||= !fine;
  console.log(\`\${fine ? 'ok  ' : 'FAIL'} palette \${number + 1}: \${ratio.toFixed(1)} : 1 (wanted: \${WANTED} : 1)\`);
}
process.exit(failed ? 1 : 0);
`;

const THEME_TEST_JS = `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync('src/theme.css', 'utf8');
const html = readFileSync('index.html', 'utf8');

test('every colour of the palette is there', () => {
  for (const name of ['background', 'surface', 'text', 'accent']) assert.match(css, new RegExp(\`--\${name}:\`));
});

test('the page uses the theme', () => {
  assert.match(html, /src\\/theme\\.css/);
});

test('the layout takes its colours from the theme', () => {
  assert.doesNotMatch(readFileSync('src/layout.css', 'utf8'), /#[0-9a-f]{3,6}/i);
});
`;

const CLAUDE_MD = `# Tide Table

A static page, no build step; node server.js shows it. Colours live in src/theme.css and nowhere else.
`;

/** The prompt of each variant; the tour's model recognises the variant by it. */
export const APPROACHES = {
  dark: 'High contrast, dark, for the night watch.',
  light: 'Light and friendly, warm colours.',
  adaptive: 'Follow the preference of the system, dark and light.',
} as const;

const VARIANTS_YAML = `# Three approaches to one task. Each gets its own worktree and branch.
name: ui
prompt: |
  Rework the theme of this page. Text must be easy to read everywhere.
defaults:
  model: sonnet
  timeout: 5m
  budgetUsd: 2
variants:
  dark: ${APPROACHES.dark}
  light: ${APPROACHES.light}
  adaptive:
    approach: ${APPROACHES.adaptive}
    model: opus
verify:
  test: node --test
  contrast: node scripts/contrast.js
serve: exec node server.js
`;

/** The tour's repository: a static page, checks that need nothing but node, three UI variants. */
export const SAMPLE_FILES: readonly SampleFile[] = [
  { path: 'index.html', text: INDEX_HTML },
  { path: 'package.json', text: `${JSON.stringify({ name: 'tide-table', private: true, type: 'module' }, null, 2)}\n` },
  { path: 'src/theme.css', text: THEME_CSS },
  { path: 'src/layout.css', text: LAYOUT_CSS },
  { path: 'src/app.js', text: APP_JS },
  { path: 'src/tides.js', text: TIDES_JS },
  { path: 'server.js', text: SERVER_JS },
  { path: 'scripts/contrast.js', text: CONTRAST_JS },
  { path: 'test/theme.test.js', text: THEME_TEST_JS },
  { path: 'CLAUDE.md', text: CLAUDE_MD },
  { path: 'variants.yaml', text: VARIANTS_YAML },
];
