import { describe, expect, it } from 'vitest';
import { forAgent, isForPerson, textForAgent } from '../../../src/text/for-agent.ts';

describe('what only a person may type', () => {
  it.each([
    'copse trust',
    'copse trust --run ui',
    'copse run --isolation bypass',
    'copse run --isolation=bypass',
    'copse merge dark --no-verify',
    'copse prune dark',
    'copse prune --all --yes',
    'copse prune --others mine',
    'copse prune --run ui',
    'copse prune --purge',
    'copse compare --judge=2',
    'copse undo',
  ])('%s', (command) => expect(isForPerson(command)).toBe(true));

  it.each([
    'copse run',
    'copse merge dark',
    'copse prune',
    'copse prune --others --yes',
    'copse prune --older 30d --dry-run',
    'copse undo 01k9',
    'copse undo --list',
    'git commit --no-verify',
  ])('not %s', (command) => expect(isForPerson(command)).toBe(false));
});

describe('a text as an agent reads it', () => {
  it.each([
    ['Nothing to see.', 'Nothing to see.'],
    [
      'Have its agent fix it:\n  copse retry dark -m "fix"\nOr merge it anyway:\n  copse merge dark --no-verify',
      'Have its agent fix it:\n  copse retry dark -m "fix"',
    ],
    ['Name the commands.\nOr choose it yourself: copse run --isolation bypass', 'Name the commands.'],
    ['20 MB in the trash. Delete it now: copse prune --purge', '20 MB in the trash.'],
    [
      'Its teardown is not approved. Review it: copse trust; or skip it: copse prune --skip-teardown',
      'Ask a person to run, in their own terminal: copse trust\nIts teardown is not approved.',
    ],
    [
      'Review and approve them:\n  copse trust\nThen repeat the command:\n  copse merge dark',
      'Ask a person to run, in their own terminal: copse trust\nThen repeat the command:\n  copse merge dark',
    ],
    ['Restore it: copse undo', 'Only a person can decide this.'],
    ['To merge anyway: copse merge dark --no-verify', 'Only a person can decide this.'],
  ])('%j', (text, shown) => expect(textForAgent(text)).toBe(shown));

  it('goes through a whole report and changes nothing else', () => {
    const report = { a: [1, null, 'Remove it: copse prune dark'], b: { c: 'Remove it. Now: copse prune' }, d: new Set([1]) };
    expect(forAgent(report)).toEqual({ ...report, a: [1, null, 'Only a person can decide this.'] });
  });
});
