import { describe, expect, test } from 'vitest';
import type { OperationRow, UndoReport } from '../../../../src/model/reports/undo-report.ts';
import { undoListText, undoText } from '../../../../src/view/landing/undo-text.ts';

const SCREEN = { columns: 80, rows: 24, colour: false, unicode: true } as const;
const NOW = new Date('2030-01-02T12:00:00Z');

const REPORT: UndoReport = {
  operation: '01b',
  of: '01a',
  command: 'copse prune',
  restored: [],
  left: [],
  merge: null,
};

function row(more: Partial<OperationRow>): OperationRow {
  return {
    id: '01k9hy4q7c0000abcdefghijkl',
    short: '01k9hy4q',
    at: '2030-01-02T09:00:00Z',
    kind: 'prune',
    command: 'copse prune',
    state: 'done',
    undoneBy: null,
    restorable: 'all',
    bytes: 0,
    taken: [],
    undid: null,
    merge: null,
    ...more,
  };
}

describe('what came back', () => {
  test('says where everything is, and what is not as it was', () => {
    const text = undoText(
      {
        ...REPORT,
        restored: [
          {
            owner: { run: 'ui', variant: 'dark' },
            path: '/w/ui-dark',
            branch: 'ui/dark',
            movedFrom: null,
            renamedFrom: null,
            notes: [],
          },
          {
            owner: null,
            path: '/w/mine-2',
            branch: 'mine-2',
            movedFrom: '/w/mine',
            renamedFrom: 'mine',
            notes: ['node_modules was disposable and is gone.'],
          },
        ],
        left: ['/w/x cannot be written to; its folder is still at /t/x.'],
      },
      SCREEN,
    );
    expect(text).toMatchInlineSnapshot(`
      "✔ ui/dark   /w/ui-dark
      ✔ mine-2    /w/mine-2
        Not at /w/mine: something else is there now.
        Not on mine: another branch has that name now.
        node_modules was disposable and is gone.
      /w/x cannot be written to; its folder is still at /t/x."
    `);
  });

  test('in a narrow window places have lines of their own; a branch is named where the name does not say it', () => {
    const restored = [
      {
        owner: { run: 'ui', variant: 'dark' },
        path: '/w/ui-dark',
        branch: 'ui/dark-2',
        movedFrom: null,
        renamedFrom: null,
        notes: [],
      },
      { owner: null, path: null, branch: 'mine', movedFrom: null, renamedFrom: null, notes: [] },
      { owner: null, path: '/w/detached', branch: null, movedFrom: null, renamedFrom: null, notes: [] },
    ];
    expect(undoText({ ...REPORT, restored }, { ...SCREEN, columns: 34 })).toMatchInlineSnapshot(`
      "✔ ui/dark    branch ui/dark-2
        /w/ui-dark
      ✔ mine       branch mine
      ✔ detached
        /w/detached"
    `);
  });

  test('of a merge: the target and its checkout', () => {
    const merge = { target: 'main', from: 'b'.repeat(40), to: 'a'.repeat(40), checkouts: ['/app'], pushed: null };
    expect(undoText({ ...REPORT, merge }, SCREEN)).toMatchInlineSnapshot(`
      "✔ main is back at aaaaaaa   it was at bbbbbbb
        /app follows."
    `);
  });

  test('of a merge that was pushed: the remote keeps it, and what takes it back there', () => {
    const pushed = {
      branches: ['origin/main'],
      commands: ['git merge --ff-only origin/main', 'git revert --no-edit a..b', 'git push'],
    };
    const merge = { target: 'main', from: 'b'.repeat(40), to: 'a'.repeat(40), checkouts: [], pushed };
    expect(undoText({ ...REPORT, merge }, SCREEN)).toMatchInlineSnapshot(`
      "✔ main is back at aaaaaaa   it was at bbbbbbb
        origin/main still has it: undo changes nothing there, and a pull would bring
        it back. To revert it there, on main:
          git merge --ff-only origin/main
          git revert --no-edit a..b
          git push"
    `);
  });
});

describe('what is on record', () => {
  const taken = (variant: string) => ({
    owner: { run: 'ui', variant },
    path: `/w/${variant}`,
    branch: `ui/${variant}`,
    why: 'landed on main',
    step: 'trashed' as const,
  });

  test('is a table with what can still come back', () => {
    const rows = [
      row({
        short: '01k9hy5a',
        kind: 'undo',
        command: 'copse undo',
        restorable: 'none',
        undid: { operation: '01k9hy4q7c0000abcdefghijkl', short: '01k9hy4q', command: 'copse prune' },
      }),
      row({ bytes: 48_000_000, taken: ['dark', 'light', 'docs', 'adaptive'].map(taken) }),
      row({
        kind: 'merge',
        at: '2029-12-30T12:00:00Z',
        command: 'copse merge dark docs',
        merge: { target: 'main', from: 'a'.repeat(40), to: 'b'.repeat(40), landed: ['ui/dark', 'ui/docs'] },
      }),
      row({ command: 'copse prune --all', restorable: 'none', taken: [taken('old')] }),
      row({ command: 'copse prune --all', restorable: 'commits', taken: [taken('old')] }),
      row({ undoneBy: '01', restorable: 'none' }),
      row({ state: 'rolled-back', restorable: 'none' }),
      row({ state: 'open', restorable: 'none' }),
    ];
    expect(undoListText(rows, { ...SCREEN, now: NOW })).toMatchInlineSnapshot(`
      "01k9hy5a  3h ago      copse undo
          undid 01k9hy4q: copse prune
      01k9hy4q  3h ago      copse prune            can be undone             48 MB
          ui/dark (landed on main), ui/light (landed on main), ui/docs (landed on mai…
      01k9hy4q  3 days ago  copse merge dark docs  can be undone
          ui/dark, ui/docs on main, aaaaaaa to bbbbbbb
      01k9hy4q  3h ago      copse prune --all      deleted
      01k9hy4q  3h ago      copse prune --all      branches can be restored
          ui/old (landed on main)
      01k9hy4q  3h ago      copse prune            undone
      01k9hy4q  3h ago      copse prune            changed nothing
      01k9hy4q  3h ago      copse prune            interrupted"
    `);
  });

  test('fits a narrow terminal, and steers none', () => {
    const rows = [
      row({ command: `copse prune \u001b[2J${'x'.repeat(200)}`, taken: [{ ...taken('dark'), why: '\u001b]0;title\u0007' }] }),
    ];
    const text = undoListText(rows, { ...SCREEN, columns: 50, now: NOW });
    expect(text).not.toContain('\u001b');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(50);
  });

  test('is nothing', () => {
    expect(undoListText([], { ...SCREEN, now: NOW })).toBe('No merge and no prune is on record here.');
  });
});
