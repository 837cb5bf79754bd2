import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const WORKS = `init(); fs.writeFileSync('a.txt', 'a'); call('Write', { file_path: 'a.txt' });`;
const API_ERROR = `
const text = 'API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}';
assistant([{ type: 'text', text }], { error: 'invalid_request' });
done({ is_error: true, api_error_status: 400, result: text }); process.exitCode = 1;`;

async function subjectsOf(claude: string, o: { prompt?: string; retry?: readonly string[] } = {}) {
  const top = { prompt: o.prompt ?? 'Make the header smaller.\nKeep its colours.' };
  const person = await Person.create({ claude, files: { 'variants.yaml': variantsYaml({ dark: 'In dark.' }, top) } });
  const before = await person.fingerprint();
  await person.copse(['run']);
  if (o.retry !== undefined) await person.copse(['retry', 'dark', ...o.retry]);
  await person.holds(before);
  const subject = await person.git('log', '-1', '--format=%s', 'ui/dark');
  const body = await person.git('log', '--format=%B', 'main..ui/dark');
  const merged = await person.copse(['merge', 'dark']);
  expect(merged.exit, merged.stderr).toBe(0);
  return { subject, body, onMain: await person.git('log', '-1', '--format=%s', 'main') };
}

describe.concurrent('the words of a commit', () => {
  it('fault 91: after an API error they are the words of the task, on main too', async () => {
    const { subject, body, onMain } = await subjectsOf(`${WORKS} say('Now the tests.'); ${API_ERROR}`);
    expect(subject).toBe('Make the header smaller.');
    expect(onMain).toBe('Make the header smaller.');
    expect(body).not.toContain('API Error');
  });

  it('fault 91: so after an end without any result, whatever was printed last', async () => {
    const { subject, onMain } = await subjectsOf(
      `${WORKS} say('Execution error'); console.error('Error: boom'); process.exitCode = 1;`,
      { prompt: 'Speed up the search' },
    );
    expect(subject).toBe('Speed up the search');
    expect(onMain).toBe('Speed up the search');
  });

  it('fault 91: a correction that ends with an error keeps the summary of the attempt before it', async () => {
    const claude = `
      if (args.includes('--resume')) { ${WORKS.replaceAll('a.txt', 'b.txt')} ${API_ERROR} }
      else { ${WORKS} done({ result: 'Smaller header' }); }`;
    const { subject, onMain } = await subjectsOf(claude, { retry: ['-m', 'and the footer'] });
    expect(subject).toBe('Make the header smaller.');
    expect(onMain).toBe('Smaller header');
  });
});
