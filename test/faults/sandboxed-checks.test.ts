import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WRITES_A_FILE } from '../support/fake-claude.ts';
import { needProgram } from '../support/need-program.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

beforeEach((context) => {
  for (const name of ['bwrap', 'socat']) needProgram(context, name);
});

/** Prints which of the sockets in `sockets.json` it reaches, and whether one of its own works. */
const CONNECTS = `
const fs = require('node:fs'), net = require('node:net');
const reach = (path) => new Promise((done) => {
  const socket = net.connect({ path }, () => { socket.destroy(); done(true); });
  socket.on('error', () => done(false));
});
(async () => {
  const reached = [];
  for (const path of JSON.parse(fs.readFileSync('sockets.json', 'utf8'))) if (await reach(path)) reached.push(path);
  for (const own of ['/tmp/own.sock', process.cwd() + '/own.sock']) {
    const server = net.createServer().listen(own);
    await new Promise((ready) => server.once('listening', ready));
    if (await reach(own)) reached.push('own');
    server.close();
  }
  fs.writeFileSync('reached.json', JSON.stringify(reached));
})();
`;

/** A server of the person's at this path. */
async function listen(path: string): Promise<string> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((ready) => server.listen(path, ready));
  onTestFinished(() => void server.close());
  return path;
}

async function finishedRun(o: {
  readonly isolation: 'guarded' | 'sandbox';
  readonly check: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** More variables, by the home directory. */
  readonly pass?: (home: string) => Readonly<Record<string, string>>;
  readonly before?: (home: string) => Promise<Readonly<Record<string, string>>>;
}): Promise<{ read: (name: string) => Promise<string> }> {
  const person = await Person.create({ claude: WRITES_A_FILE, ...(o.env === undefined ? {} : { env: o.env }) });
  const more = await o.before?.(person.home);
  const passed = o.pass?.(person.home) ?? {};
  const options = { isolation: o.isolation, env: Object.keys({ ...o.env, ...passed }) };
  await person.write(
    'variants.yaml',
    variantsYaml({ dark: { approach: 'Dark.' } }, { verify: { test: o.check }, defaults: options }),
  );
  for (const [name, text] of Object.entries({ ...o.files, ...more })) await person.write(name, text);
  await person.git('add', '-A');
  await person.git('commit', '-qm', 'files');
  const ended = await person.approved(['run', '--isolation', o.isolation], { env: passed });
  expect(ended.exit, ended.stdout + ended.stderr).toBe(0);
  const worktree = `${person.repo}.worktrees/ui-dark`;
  return { read: (name) => readFile(join(worktree, name), 'utf8') };
}

describe('fault 118: Unix sockets of the person', () => {
  it.each(['guarded', 'sandbox'] as const)('%s: a check reaches all of them, or none', async (isolation) => {
    const elsewhere = await mkdtemp(join(tmpdir(), 's-'));
    const sockets: string[] = [];
    const { read } = await finishedRun({
      isolation,
      check: 'node connects.cjs',
      env: { NAMED: await listen(join(elsewhere, 'named.sock')), FIXTURES: elsewhere },
      files: { 'connects.cjs': CONNECTS, '.gitignore': 'own.sock\n' },
      before: async (home) => {
        for (const place of ['.docker/run', '.nvm', '.local/bin', '.gnupg']) {
          await mkdir(join(home, place), { recursive: true });
          sockets.push(await listen(join(home, place, 's')));
        }
        sockets.push(
          join(elsewhere, 'named.sock'),
          await listen(join(elsewhere, 'x.sock')),
          await listen(`\0copse-${elsewhere}`),
        );
        return { 'sockets.json': JSON.stringify(sockets) };
      },
    });
    const reached = JSON.parse(await read('reached.json')) as string[];
    expect(reached).toEqual([...(isolation === 'guarded' ? sockets : []), 'own', 'own']);
  });

  it('no variable uncovers the home directory, the state of copse, or the place of services', async () => {
    const { read } = await finishedRun({
      isolation: 'sandbox',
      check: 'sh look.sh > seen.txt 2>&1',
      env: { NAMED_RUN: '/run', NAMED_ROOT: '/', NAMED_PROC: '/proc/1/root' },
      files: { 'look.sh': 'find "$HOME" | head -50; ls -A /run; ls /home "$NAMED_PROC/run"; ls "$HOME/.local/state"; echo end' },
      before: async (home) => {
        await mkdir(join(home, '.ssh'), { recursive: true });
        await writeFile(join(home, '.ssh/id'), 'SSH-SECRET');
        return {};
      },
      pass: (home) => ({
        NAMED_HOME: home,
        NAMED_ABOVE: join(home, '..'),
        NAMED_LOCAL: join(home, '.local'),
        NAMED_STATE: join(home, '.local/state/copse/trust'),
      }),
    });
    const seen = await read('seen.txt');
    expect(seen).toContain('end');
    for (const word of ['.ssh', 'trust', '.sock']) expect(seen).not.toContain(word);
  });

  it('hides the home directory but for tools and what variables name, and the state of copse', async () => {
    const named = await mkdtemp(join(tmpdir(), 'fixtures-'));
    await writeFile(join(named, 'data'), 'DATA');
    const { read } = await finishedRun({
      isolation: 'sandbox',
      check: 'sh look.sh > seen.txt 2>&1',
      env: { FIXTURES: named },
      files: {
        'look.sh': `cd; ls -A; cat .ssh/id .nvm/tool; find .local; cat "$FIXTURES/data"; ls "$REPO/.git/copse"; ls "$REPO"; touch here && echo home
touch "$FIXTURES/x" || echo kept; ls -A /run /var; test -e ~root/.ssh && echo root; git -C "$OLDPWD" log --format=%s -1; true`,
      },
      before: async (home) => {
        for (const [path, text] of [
          ['.ssh/id', 'SSH-SECRET'],
          ['.nvm/tool', 'TOOL'],
        ] as const) {
          await mkdir(join(home, path, '..'), { recursive: true });
          await writeFile(join(home, path), text);
        }
        return {};
      },
    });
    const seen = await read('seen.txt');
    for (const word of ['TOOL', 'DATA', 'home', 'kept']) expect(seen).toContain(word);
    for (const word of ['SSH-SECRET', 'trust', 'root', 'runs', 'plan.json']) expect(seen).not.toContain(word);
  });
});

describe('fault 119: a check in a sandbox, as root too', () => {
  it('has no capability, cannot remount, and writes nothing but its worktree, /tmp and its home', async () => {
    const named = await mkdtemp(join(tmpdir(), 'fixtures-'));
    const { read } = await finishedRun({
      isolation: 'sandbox',
      env: { FIXTURES: named },
      check: 'sh tries.sh > tried.txt 2>&1',
      files: {
        'tries.sh': `grep -c -E '^Cap(Prm|Eff|Bnd|Amb):.0+$' /proc/self/status
find /proc/sys /sys -type f -writable 2>/dev/null | wc -l
umount -l /tmp && echo WAY umount; for at in / /usr /proc /proc/sys /sys /etc; do mount -o remount,rw,bind $at && echo WAY remount $at; done
mount -t tmpfs t /mnt && echo WAY mount; unshare -Urm true && unshare -Urm mount -o remount,rw,bind /usr && echo WAY inner remount
mknod disk b 8 0 && echo WAY device; ls /dev | grep -E '^(sd|vd|nvme|kmsg|mem|kvm|fuse)' && echo WAY dev
for at in /x /usr/x /etc/x /opt/x "$FIXTURES/x"; do touch $at && echo WAY write $at; done
cp .git kept-git; echo evil > .git && echo WAY pointer; rm -f .git && echo WAY pointer; mv .git away && echo WAY pointer
chroot / true && echo WAY chroot; echo end`,
      },
    });
    const tried = (await read('tried.txt')).split('\n');
    expect(tried[0]).toBe('4');
    expect(tried[1]).toBe('0');
    expect(tried.filter((line) => line.startsWith('WAY'))).toEqual([]);
    expect(tried).toContain('end');
    expect((await read('kept-git')).startsWith('gitdir: ')).toBe(true);
    expect(await read('.git')).toBe(await read('kept-git'));
  });
});
