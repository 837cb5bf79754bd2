import { expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

const AGENT = `init(); fs.writeFileSync('a.txt', ''); done();`;
const COMPLETE_LOG = 'npm error A complete log of this run can be found in: /home/me/.npm/_logs/debug-0.log';

it('says why a set-up failed, and which command shows all of its output', async () => {
  const setup = [`echo 'sh: 1: mocha: not found' >&2; echo '${COMPLETE_LOG}' >&2; exit 1`];
  const person = await Person.create({ claude: AGENT, files: { 'variants.yaml': variantsYaml(['dark'], { setup }) } });
  const run = await person.approved(['run']);
  expect(run.stdout).toContain('mocha: not found');
  expect(run.stdout).toMatch(/Read +copse logs dark --setup$/m);
  expect((await person.copse(['logs', 'dark', '--setup'])).stdout).toBe(`sh: 1: mocha: not found\n${COMPLETE_LOG}\n`);
});

it('says why a check failed, and which command shows all of its output', async () => {
  const throws = `if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is not set');\n`;
  const files = { 'variants.yaml': variantsYaml(['dark'], { verify: { unit: 'node start.js' } }), 'start.js': throws };
  const person = await Person.create({ claude: AGENT, files });
  const run = await person.approved(['run']);
  expect(run.stdout).toContain('unit still fails: DATABASE_URL is not set');
  const logs = await person.copse(['logs', 'dark', '--check', 'unit']);
  expect(logs.stdout).toMatch(/Error: DATABASE_URL is not set\n {4}at .*\n[\s\S]*Node\.js v/);
});
