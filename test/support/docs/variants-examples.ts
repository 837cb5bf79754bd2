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
  No one answers questions. Do not commit. End with a summary of one line.
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
  onLimit: `onLimit: resume`,
  totalBudgetUsd: `totalBudgetUsd: 8`,
  copy: `copy: [.env, config/local.json]`,
  setup: `
setup:
  - npm ci --prefer-offline
  - npx prisma generate`,
  verify: `
verify:
  types: npx tsc --noEmit
  test:
    run: npx vitest run --reporter=default --reporter=junit --outputFile.junit=junit.xml
    report: junit.xml
    repeat: 2
    tests: ["test/**"]`,
  protect: `protect: ["test/**", vitest.config.ts]`,
  metrics: `
metrics:
  bundle: { run: npm run -s size, goal: min, unit: kB }
  startup: { run: node bench/start.js --json, goal: min, unit: ms, path: $.median, repeat: 5, tolerance: 2% }`,
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
  allow: [fixtures/test-key.pem, "src/lib/**"]`,
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

/** Facts that the schema's description leaves out. */
export const NOTES: Readonly<Record<string, string>> = {
  name: 'A second run of the same file is `ui-2`.',
  target: '`copse merge` merges into it unless `--into` names another branch, and `copse prune` removes what has landed on it.',
  preamble: 'It may use `{{run}}`, `{{variant}}`, `{{branch}}`, `{{worktree}}`, `{{checks}}` and `vars`.',
  each: 'In keys, `needs` and `branch`, values become slugs; in prompts they are not changed. A list is `tone: [formal, casual]`. A table is `task: { table: tasks.csv }`, which gives `{{task.title}}` for a column `title`.',
  variants: 'Names consist of lower-case letters, digits and `-`. At most 200 variants.',
  totalBudgetUsd:
    'An attempt gets at most what is left of it. When it is spent, variants that are still waiting end as `over-budget`.',
  copy: `${APPROVED} A symbolic link is copied only if it points to something that is copied or tracked; \`copy: {".env": follow}\` copies what it points to instead.`,
  setup: `${APPROVED} Each is a line for \`sh -c\`. If one fails, its variant ends as \`failed\` before any money is spent. If it fails on the base too, the run starts no agent.`,
  verify: `${APPROVED} Each is a line for \`sh -c\`, run on the variant's commit. In \`guarded\` the agent may run exactly these commands too. A plain command is short for \`{ run: … }\`. The exit code decides; a \`report\` adds the names of the tests. It must be inside the worktree and written by this run; braces in its path are literal. [What the results mean](guide-ab-experiments.md#what-the-evidence-means).`,
  protect:
    'The files in the worktree stay as the variant left them: checks that need the base version run in a scratch worktree. If a variant changed a protected file, copse names the file. A pattern that matches no file of the base is an error.',
  metrics: `${APPROVED} A plain command is short for \`{ run: … }\`. A command that fails or prints no number gives no value, never zero.`,
  judge: `${APPROVED} \`judge: true\` uses the defaults.`,
  serve: `${APPROVED} A plain command is short for \`{ run: … }\`. \`copse serve\` starts it with \`PORT\`, \`COPSE_RUN\` and \`COPSE_VARIANT\`. It runs what the agent wrote, with your rights.`,
  teardown: `${APPROVED} Each is a line for \`sh -c\`, run in the worktree before \`copse prune\` removes it. If one fails, the worktree is kept; \`--skip-teardown\` skips them. \`copse undo\` does not reverse their effects.`,
  disposable:
    '`copse prune` deletes them at once and moves everything else to the trash. A folder with a tracked or new file is not deleted; it moves to the trash whole.',
  commit:
    '`message` may use `{run}`, `{variant}`, `{subject}` and `{summary}`. If a variant wrote a file that git ignores, copse lists the file and the `allow` line that commits it in later runs.',
  'variant.needs':
    'The variant starts from the first need, with the others merged in. It ends as `skipped` if a need does not succeed, or if a check of the need broke or is unknown.',
  'defaults.agent':
    "copse looks for it in the worktree, then among your own. The profile's hooks, MCP servers and permission mode do not apply.",
  'defaults.runner': `${APPROVED} No isolation applies to such a program: it has your rights. It sees \`COPSE_RUN\`, \`COPSE_VARIANT\` and \`PORT\`. Its cost is not counted.`,
  'defaults.isolation': '[What each isolation provides](security.md#what-each-isolation-provides).',
  'defaults.allowedTools': `${APPROVED} A bare \`Bash\` is refused in a file of the repository. The agent has \`WebFetch\` and \`WebSearch\` only if a rule names them.`,
  'defaults.disallowedTools': 'The lists of settings, `defaults` and the variant add up.',
  'defaults.mcp': `${APPROVED} No other MCP server is started.`,
  'defaults.env': `${APPROVED} Names that redirect the agent, git or the network (\`ANTHROPIC_…\`, \`GIT_…\`, \`PATH\`, proxies …) cannot be set to a value here. Values that are passed on are kept out of commits.`,
  'defaults.timeout': 'After that the attempt is stopped and its work committed; the outcome is `timed-out`.',
  'defaults.idleTimeout': 'An open tool call, such as a long test run, may be silent for any time.',
  'defaults.budgetUsd': 'Default 5. An attempt may exceed it by one call.',
  'defaults.retries': 'Default 2. Before that, Claude Code itself retries a request up to ten times.',
  'defaults.expect': 'Read it with `copse logs audit --answer`.',
};
