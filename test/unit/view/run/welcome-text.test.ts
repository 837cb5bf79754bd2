import { expect, test } from 'vitest';
import type { WelcomeFacts } from '../../../../src/view/run/welcome-text.ts';
import { welcomeText } from '../../../../src/view/run/welcome-text.ts';
import { ALL_VERBS, at, finishedRun, liveRun, screen } from '../a-run.ts';

const now = new Date(at(4000));
const first: WelcomeFacts = {
  runs: [],
  git: '2.43.0',
  claude: '2.1.329',
  loggedIn: true,
  repository: { branch: 'main', hasCommit: true },
  hasVariantsFile: false,
};
const text = (facts: WelcomeFacts, columns = 80, commands: ReadonlySet<string> = ALL_VERBS): string =>
  `${welcomeText(facts, { ...screen(columns), now, commands })}\n`;

test('the first time', async () => {
  await expect(text({ ...first, others: { count: 31, landed: 24 } })).toMatchFileSnapshot('../screens/welcome.txt');
  await expect(text(first, 20)).toMatchFileSnapshot('../screens/welcome-20.txt');
});

test('says what is not ready', () => {
  const shown = text({ ...first, claude: null, loggedIn: null, repository: null });
  expect(shown).toContain('✘ claude: not found on PATH');
  expect(shown).toContain('✘ not in a git repository');
  expect(text({ ...first, repository: { branch: 'main', hasCommit: false } })).toContain('✘ no commit yet');
  expect(text({ ...first, loggedIn: false })).toContain('✘ not logged in');
});

test('with a variants file the next step is the plan', () => {
  const shown = text({ ...first, hasVariantsFile: true });
  expect(shown).toContain('copse plan');
  expect(shown).not.toContain('copse init');
});

test('names only verbs that exist', () => {
  expect(text({ ...first, others: { count: 31, landed: 2 } }, 80, new Set(['run'])).match(/copse \w+/g)).toEqual([
    'copse runs',
    'copse run',
  ]);
});

test('with runs: where they stand and what to do next', async () => {
  const shown = text({
    ...first,
    runs: [
      { state: finishedRun, alive: false },
      { state: { ...liveRun, id: 'ui-2' }, alive: true },
    ],
  });
  await expect(shown).toMatchFileSnapshot('../screens/welcome-runs.txt');
});
