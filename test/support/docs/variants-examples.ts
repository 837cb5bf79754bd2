const APPROVED = 'Needs your approval.';

/** An example for each key: a part of a variants file. A test loads each, filled up to a whole file. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  name: `name: ui`,
  base: `base: main`,
  target: `target: main`,
  prompt: `
prompt: |
  Rework the theme of this app.
  Keep every function and text as it is.`,
  preamble: `
preamble: |
  You work on the variant {{variant}} in {{worktree}}, on the branch {{branch}}.
  Nobody answers questions. Do not commit. End with a summary of one line.
  These checks run afterwards: {{checks}}`,
  defaults: `
defaults:
  model: sonnet
  timeout: 45m
  budgetUsd: 2`,
  each: `
each:
  page: { files: "src/pages/*.tsx" }
variants:
  "page-{{page.name}}": Move {{page}} to the new form components.`,
  variants: `
variants:
  dark: High contrast on a dark background.
  adaptive:
    approach: Follow what the system prefers.
    model: opus`,
  concurrency: `concurrency: 2`,
  totalBudgetUsd: `totalBudgetUsd: 8`,
  copy: `copy: [.env, config/local.json]`,
  setup: `
setup:
  - npm ci --prefer-offline
  - npx prisma generate`,
  verify: `
verify:
  types: npx tsc --noEmit
  test: { run: npx vitest run --reporter=default --reporter=junit --outputFile.junit=junit.xml, report: junit.xml }`,
  protect: `protect: ["test/**", vitest.config.ts]`,
  metrics: `
metrics:
  bundle: { run: npm run -s size, goal: min, unit: kB }
  startup: { run: node bench/start.js --json, goal: min, unit: ms, path: $.median, repeat: 5 }`,
  judge: `
judge:
  model: opus
  criteria: [solves the task, readability, test quality]
  rounds: 2`,
  serve: `
serve:
  run: npm run dev -- --port $PORT
  ready: /health
  env: { DATABASE_URL: "postgres://localhost/app_{variant}" }`,
  teardown: `
teardown:
  - dropdb --if-exists "app_$COPSE_VARIANT"`,
  disposable: `disposable: [node_modules, .next]`,
  commandTimeout: `commandTimeout: 10m`,
  commit: `
commit:
  message: "{variant}: {subject}"
  allow: [fixtures/test-key.pem]`,
  'variant.approach': `
variants:
  dark:
    approach: High contrast on a dark background.`,
  'variant.prompt': `
variants:
  docs:
    prompt: Document the theme in docs/theme.md.`,
  'variant.needs': `
variants:
  api: Add an endpoint that exports all entries as CSV.
  button:
    approach: Add a button that downloads the export.
    needs: [api]`,
  'variant.branch': `
variants:
  login:
    approach: Keep people logged in for thirty days.
    branch: feature/stay-logged-in`,
  'defaults.model': `
defaults:
  model: sonnet`,
  'defaults.fallbackModel': `
defaults:
  model: opus
  fallbackModel: sonnet`,
  'defaults.effort': `
defaults:
  effort: high`,
  'defaults.agent': `
defaults:
  agent: reviewer`,
  'defaults.runner': `
defaults:
  runner: { command: [python3, tools/agent.py, --fast] }`,
  'defaults.isolation': `
defaults:
  isolation: sandbox`,
  'defaults.allowedTools': `
defaults:
  allowedTools: ["Bash(npm run lint)", "Bash(npm install *)", "WebFetch(domain:developer.mozilla.org)"]`,
  'defaults.disallowedTools': `
defaults:
  disallowedTools: [WebFetch, "Edit(db/migrations/**)"]`,
  'defaults.mcp': `
defaults:
  mcp:
    playwright: { command: npx, args: ["@playwright/mcp", "--headless"] }`,
  'defaults.env': `
defaults:
  env: [DATABASE_URL, "APP_NAME=app-{variant}"]`,
  'defaults.vars': `
prompt: Rework the {{what}} of this app. Templates such as \\{{user}} stay as they are.
defaults:
  vars: { what: theme }`,
  'defaults.timeout': `
defaults:
  timeout: 45m`,
  'defaults.idleTimeout': `
defaults:
  idleTimeout: 10m`,
  'defaults.budgetUsd': `
defaults:
  budgetUsd: 2.50`,
  'defaults.maxTurns': `
defaults:
  maxTurns: 100`,
  'defaults.retries': `
defaults:
  retries: 1`,
  'defaults.expect': `
variants:
  audit:
    prompt: List every place where this app trusts its input.
    expect: answer`,
};

/** What the schema's description leaves out. */
export const NOTES: Readonly<Record<string, string>> = {
  name: 'A second run of the same file is `ui-2`.',
  target: '`copse merge` lands there unless `--into` names another branch, and `copse prune` asks whether work has landed there.',
  preamble: 'It may use `{{run}}`, `{{variant}}`, `{{branch}}`, `{{worktree}}`, `{{checks}}` and `vars`.',
  each: 'In keys, `needs` and `branch` the values become slugs; in prompts they stay as they are. A list is `tone: [formal, casual]`, a table `task: { table: tasks.csv }`, which gives `{{task.title}}` for a column `title`.',
  variants: 'Names are lower-case letters, digits and `-`. At most 200.',
  totalBudgetUsd:
    'An attempt gets no more than what is left of it; when it is used up, variants that still wait end `over-budget`.',
  copy: `${APPROVED} A symbolic link is copied only if it stays within what is copied or tracked; \`copy: {".env": follow}\` copies what it leads to instead.`,
  setup: `${APPROVED} Each is a line for \`sh -c\`. One that fails ends its variant as \`failed\`, before any money is spent.`,
  verify: `${APPROVED} Each is a line for \`sh -c\`, run after the commit in the variant's own worktree. In \`guarded\` the agent may run exactly these too. A command alone is short for \`{ run: … }\`. The exit code decides; a \`report\` names the tests behind it. It must be written by this very run, inside the worktree; braces in it mean nothing.`,
  protect:
    'The files in the worktree stay as the variant left them: checks that need other ones run in a worktree of our own. A variant that changed a protected file is shown with its name. A pattern that matches no file of the base is an error.',
  metrics: `${APPROVED} A command alone is short for \`{ run: … }\`. One that fails or prints no number has no value, never a zero.`,
  judge: `${APPROVED} \`judge: true\` takes the defaults.`,
  serve: `${APPROVED} \`serve: npm run dev\` alone is short for \`{ run: … }\`. Started by \`copse serve\`, with the variant's own \`PORT\`, \`COPSE_RUN\` and \`COPSE_VARIANT\`; it runs what the agent wrote, with your rights.`,
  teardown: `${APPROVED} Each is a line for \`sh -c\`, run in the worktree before \`copse prune\` takes it away. One that fails keeps its worktree; \`--skip-teardown\` leaves them out. \`copse undo\` does not take back what they did.`,
  disposable:
    '`copse prune` deletes them at once, all else goes to the trash. Only where git ignores all of it: one with a tracked or new file goes to the trash whole.',
  commit:
    '`message` may use `{run}`, `{variant}`, `{subject}` and `{summary}`. `allow` holds paths or globs: ignored files that match are committed too, and secrets are not held back.',
  'variant.needs':
    'It starts from the first need, with the others merged in. A need that does not succeed, or whose check fails, ends it as `skipped`.',
  'defaults.agent': 'Looked for in the worktree, then among your own. Its hooks, MCP servers and permission mode do not apply.',
  'defaults.runner': `${APPROVED} No isolation holds such a program: it has your rights. It sees \`COPSE_RUN\`, \`COPSE_VARIANT\` and \`PORT\`. Money is not counted.`,
  'defaults.isolation': 'What each promises: [security.md](security.md).',
  'defaults.allowedTools': `${APPROVED} A bare \`Bash\` is refused in a file of the repository. \`WebFetch\` and \`WebSearch\` exist for the agent only where a rule names them.`,
  'defaults.disallowedTools': 'What settings, `defaults` and the variant forbid adds up.',
  'defaults.mcp': `${APPROVED} No other MCP server is started.`,
  'defaults.env': `${APPROVED} Names that redirect the agent, git or the network (\`ANTHROPIC_…\`, \`GIT_…\`, \`PATH\`, proxies …) cannot be set to a value here. Values passed on are kept out of commits.`,
  'defaults.timeout': 'Then the attempt is stopped, and what it did is committed: `timed-out`.',
  'defaults.idleTimeout': 'A tool call that is open may be silent as long as it likes, such as a long test run.',
  'defaults.budgetUsd': 'Default 5. An attempt may overshoot by one call.',
  'defaults.retries': 'Default 2. Claude Code itself has retried a request up to ten times before.',
  'defaults.expect': 'Read it with `copse logs audit --answer`.',
};
