import { expect, it } from 'vitest';
import { doctorText } from '../../../src/view/doctor-text.ts';

it('puts what to do below what was found', () => {
  const checks = [
    { name: 'git', state: 'ok', found: '2.39.5', fix: null },
    { name: 'login', state: 'failed', found: 'Claude Code is not logged in.', fix: 'Start claude and type /login.' },
    { name: 'sandbox', state: 'warning', found: 'socat is missing; only isolation sandbox needs it.', fix: 'Install socat.' },
  ] as const;
  expect(`\n${doctorText(checks, { columns: 50, rows: 24, colour: false, unicode: true })}`).toMatchInlineSnapshot(`
    "
    ✔ git      2.39.5
    ✘ login    Claude Code is not logged in.
               Start claude and type /login.
    ! sandbox  socat is missing; only isolation
               sandbox needs it.
               Install socat."
  `);
});
