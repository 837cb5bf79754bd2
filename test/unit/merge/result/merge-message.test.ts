import { describe, expect, test } from 'vitest';
import type { ToMerge } from '../../../../src/merge/merge-options.ts';
import { messageFor } from '../../../../src/merge/result/merge-message.ts';
import type { AttemptKind } from '../../../../src/model/attempt.ts';
import type { Outcome } from '../../../../src/model/outcome.ts';
import type { VariantState } from '../../../../src/model/run-state/state.ts';
import { anAttempt, aVariant, aVerdict } from '../../view/a-run.ts';

const MINUTE = 60_000;
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1) + minute * MINUTE).toISOString();

function attempt(n: number, kind: AttemptKind, summary: string, outcome: Extract<Outcome, 'succeeded' | 'failed'> = 'succeeded') {
  return anAttempt({ attempt: n, kind, startedAt: at(n), sessionId: 's', verdict: aVerdict({ summary, outcome }) });
}

function worded(attempts: VariantState['attempts'], o: { landed?: VariantState['landed']; target?: string } = {}): string {
  const variant = aVariant('dark', { attempts, landed: o.landed ?? null });
  const plan = {
    run: 'ui',
    commit: { message: null },
    variants: [{ name: 'dark', runner: { kind: 'command' }, prompt: 'Make it dark.\n\nAs dark.' }],
  };
  const one = { state: { variants: [variant] }, plan, name: 'dark', label: 'dark' } as unknown as ToMerge;
  const message = messageFor({ message: null, noVerify: false, as: 'squash' }, one, o.target ?? 'main');
  return message.slice(0, message.indexOf('\n\nCopse-Run: ui\nCopse-Variant: dark\n'));
}

describe('the message that a variant lands with', () => {
  test('is of the attempt that did the work; what later ones corrected stands below', () => {
    const first = attempt(1, 'first', 'Dark theme.\n\nWith high contrast.');
    expect(worded([first])).toBe('Dark theme.\n\nWith high contrast.');
    const corrected = [
      first,
      attempt(2, 'correction', '## Smaller header.\n\nAs told.'),
      attempt(3, 'correction', 'Resolve the conflict.'),
    ];
    expect(worded(corrected)).toBe('Dark theme.\n\nWith high contrast.\n\n- Smaller header.\n- Resolve the conflict.');
    expect(worded([first, attempt(2, 'continue', 'Dark theme.')])).toBe('Dark theme.\n\nWith high contrast.');
  });

  test('is never the last words of an attempt that failed: then it is of another one, or of the task', () => {
    const failed = attempt(1, 'first', 'I ran out of turns.', 'failed');
    expect(worded([failed, attempt(2, 'continue', 'Dark theme.'), attempt(3, 'correction', 'No.', 'failed')])).toBe(
      'Dark theme.',
    );
    expect(worded([failed])).toBe('Make it dark.');
    expect(worded([])).toBe('Make it dark.');
  });

  test('is of what came since it was begun anew, and since it landed on that branch', () => {
    const attempts = [attempt(1, 'first', 'Dark theme.'), attempt(3, 'correction', 'Smaller header.')];
    expect(worded([...attempts, attempt(4, 'fresh', 'Darker theme.'), attempt(5, 'correction', 'Typo.')])).toBe(
      'Darker theme.\n\n- Typo.',
    );
    const landed = { operation: 'o', target: 'main', tip: 't', commit: 'c', as: 'squash', at: at(2) } as const;
    expect(worded(attempts, { landed })).toBe('Smaller header.');
    expect(worded(attempts, { landed, target: 'next' })).toBe('Dark theme.\n\n- Smaller header.');
    expect(worded(attempts.slice(0, 1), { landed })).toBe('Dark theme.');
  });
});
