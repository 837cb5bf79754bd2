import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sandboxFacts } from '../../../src/survey/sandbox-facts.ts';
import { needsRoot } from '../../support/ordinary-user.ts';

/** A PATH with just these programs, shell scripts. */
function pathWith(programs: Readonly<Record<string, string>>): { PATH: string } {
  const folder = mkdtempSync(join(tmpdir(), 'programs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { PATH: folder };
}

it('names the missing tools', async () => {
  expect(await sandboxFacts(pathWith({ bwrap: 'exit 0' }), 'linux')).toEqual({ available: false, missing: ['socat'], why: null });
  expect(await sandboxFacts({ PATH: '' }, 'linux')).toEqual({ available: false, missing: ['bwrap', 'socat'], why: null });
});

it('believes bubblewrap only when it makes a sandbox', async () => {
  expect(await sandboxFacts(pathWith({ socat: '', bwrap: 'exit 0' }), 'linux')).toEqual({
    available: true,
    missing: [],
    why: null,
  });
  const denied = pathWith({ socat: '', bwrap: 'echo "bwrap: No permissions to create new namespace" >&2; exit 1' });
  expect(await sandboxFacts(denied, 'linux')).toEqual({
    available: false,
    missing: [],
    why: 'bwrap says: bwrap: No permissions to create new namespace',
  });
});

it('fault 119: refuses one that does not hold', async (context) => {
  needsRoot(context);
  const open = pathWith({ socat: '', bwrap: 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"' });
  expect(await sandboxFacts(open, 'linux')).toEqual({
    available: false,
    missing: [],
    why: 'Commands in the sandbox would keep capabilities of root.',
  });
});

it('does not look at relative entries of PATH', async () => {
  expect((await sandboxFacts({ PATH: '.:bin' }, 'linux')).missing).toEqual(['bwrap', 'socat']);
});

it('knows where there is none', async () => {
  expect(await sandboxFacts({ PATH: '' }, 'win32')).toMatchObject({ available: false, why: 'There is no sandbox for win32.' });
});
