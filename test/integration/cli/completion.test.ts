import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hermeticEnvironment } from '../../support/environment.ts';
import { needProgram } from '../../support/need-program.ts';
import { MAIN } from '../../support/person.ts';

const place = mkdtempSync(join(tmpdir(), 'shells-'));
const repo = join(place, 'app');
const env = hermeticEnvironment();
env['PATH'] = `${join(place, 'bin')}:${env['PATH']}`;

beforeAll(() => {
  mkdirSync(join(place, 'bin'));
  writeFileSync(join(place, 'bin/copse'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(join(place, 'bin/copse'), 0o755);
  const run = join(repo, '.git/copse/v1/runs/ui');
  mkdirSync(run, { recursive: true });
  writeFileSync(join(repo, 'notes file.txt'), '');
  writeFileSync(join(run, 'plan.json'), JSON.stringify({ schema: 1, variants: [{ name: 'dark' }, { name: 'docs' }] }));
  writeFileSync(join(run, 'events.ndjson'), '{"seq":1,"at":"2026-01-01T00:00:00.000Z","gen":1,"type":"run.created"}\n');
});

function shell(file: string, script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, ['-c', script], { cwd: repo, env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null && stderr === '') resolve(stdout);
      else reject(new Error(`${error?.message ?? ''}\n${stderr}`));
    });
  });
}

describe('completion in a real shell', () => {
  it('bash', async (context) => {
    needProgram(context, 'bash');
    const complete = (words: string, at: number) =>
      `COMP_WORDS=(${words}); COMP_CWORD=${at}; _copse; printf '%s\\n' "\${COMPREPLY[@]}"; echo --`;
    const script = [
      'eval "$(copse completion bash)"',
      complete('copse sta', 1),
      complete("copse path ''", 2),
      complete('copse logs ui/do', 2),
      complete('copse logs dark --che', 3),
      complete('copse xyzzy z', 2),
      'complete -p copse',
    ].join('\n');
    expect(await shell('bash', script)).toBe(
      'status\n--\ndark\ndocs\n--\nui/docs\n--\n--check\n--\n\n--\ncomplete -F _copse copse\n',
    );
  });

  it('zsh', async (context) => {
    needProgram(context, 'zsh');
    // _describe and compdef belong to zsh's own completion system; here they say what they were given.
    const script = `
      compdef() { echo "compdef $*"; }
      _describe() { print -l -- $1 "\${(@P)2}"; }
      _files() { echo files; }
      eval "$(copse completion zsh)"
      words=(copse path d); CURRENT=3; _copse
      words=(copse exec dark -- l); CURRENT=5; _copse
    `;
    expect(await shell('zsh', script)).toBe('compdef _copse copse\ncopse\ndark:run ui\ndocs:run ui\nfiles\n');
  });

  it('fish', async (context) => {
    needProgram(context, 'fish');
    const script = `
      copse completion fish | source
      complete -C 'copse path d'
      complete -C 'copse sta'
      complete -C 'copse exec dark -- not'
    `;
    expect(await shell('fish', script)).toBe('dark\trun ui\ndocs\trun ui\nstatus\tshow all runs and variants\nnotes file.txt\n');
  });
});
