import { describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

const person = (files: Record<string, string> = {}): Promise<Person> => Person.create({ claude: WRITES_A_FILE, files });
const prompt = ['--prompt', 'Do it.', '--count', '1'] as const;

interface Planned {
  readonly verify: readonly { readonly name: string; readonly run: string }[];
  readonly setup: readonly string[];
  readonly trust: { readonly needed: boolean; readonly hash: string };
}

async function planned(made: Person, more: readonly string[], env: Record<string, string> = {}): Promise<Planned> {
  const ended = await made.copse(['plan', '--json', ...prompt, ...more], { env });
  return JSON.parse(ended.stdout) as Planned;
}

describe('a task without a file', () => {
  it('is checked by what is typed, which a person needs not approve', async () => {
    const made = await person();
    const ran = await made.copse(['run', ...prompt, '--verify', 'test -e v1.txt', '--verify', 'no=false']);
    expect(ran.stderr).not.toContain('--trust');
    const checks = (await made.state('try')).variants[0]?.checks.map(({ name, status }) => [name, status]);
    expect(checks).toEqual([
      ['test', 'passed'],
      ['no', 'failed'],
    ]);
  });

  it('borrows checks and set-up of the repository, which need approval as ever', async () => {
    const made = await person({
      'variants.yaml': variantsYaml(['dark'], { verify: { unit: 'test -e set-up' }, setup: ['touch set-up'] }),
    });
    const plan = await planned(made, []);
    expect(plan.verify.map(({ name, run }) => [name, run])).toEqual([['unit', 'test -e set-up']]);
    expect(plan.setup).toEqual(['touch set-up']);
    expect(plan.trust.needed).toBe(true);
    expect((await made.copse(['run', ...prompt])).exit).toBe(3);
    const ran = await made.copse(['run', ...prompt, '--trust', plan.trust.hash]);
    expect(ran.exit, ran.stderr).toBe(0);
    expect((await made.state('try')).variants[0]?.checks.map(({ status }) => status)).toEqual(['passed']);
    expect((await planned(made, ['--verify', 'true'])).verify.map(({ run }) => run)).toEqual(['true']);
  });

  it('what an agent types needs a person, and a broken file stops nobody', async () => {
    const made = await person({ 'variants.yaml': 'name: [\n' });
    const plan = await planned(made, ['--verify', 'true'], { CLAUDECODE: '1' });
    expect(plan.trust.needed).toBe(true);
    const quick = await made.copse(['run', ...prompt]);
    expect(quick.exit, quick.stderr).toBe(0);
    expect(quick.stderr).toContain('variants.yaml has problems, so its checks are not used.');
    expect((await made.copse(['run', '--verify', 'true'])).exit).toBe(2);
  });
});
