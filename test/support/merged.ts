import { expect } from 'vitest';
import type { MergeJson } from '../../src/view/landing/merge-json.ts';
import { Person, type PersonOptions, type StartOptions } from './person.ts';
import { variantsYaml } from './variants.ts';

/**
 * dark and light change the same line of app.js differently; every other variant but idle only adds a file of its own. Told something
 * by `retry`, each does that: `write <file> <text>`.
 */
export const WORKS = `
init();
const told = /write (\\S+) (\\S+)/.exec(prompt);
if (told !== null) fs.writeFileSync(told[1], told[2] + '\\n');
else if (/Resolve the conflict markers/.test(prompt)) {
  const text = fs.readFileSync('app.js', 'utf8');
  fs.writeFileSync('app.js', text.replace(/<<<<<<<[\\s\\S]*>>>>>>> .*\\n/, 'both\\n'));
} else {
  if (variant === 'dark' || variant === 'light') fs.writeFileSync('app.js', fs.readFileSync('app.js', 'utf8').replace('title', variant));
  if (variant !== 'idle') fs.writeFileSync(variant + '.txt', variant + '\\n');
}
call('Edit', { file_path: 'app.js' }); done({ result: 'I am ' + variant + '.\\n\\nMore of it.' });
`;

/** A person whose run `ui` of these variants has ended well. */
export async function finishedRun(
  variants: Parameters<typeof variantsYaml>[0],
  top: Record<string, unknown> = {},
  o: PersonOptions & { readonly args?: readonly string[]; readonly exit?: number } = {},
): Promise<Person> {
  const person = await Person.create({
    claude: WORKS,
    ...o,
    files: { 'app.js': 'title\n1\n2\n3\n4\nfooter\n', ...o.files, 'variants.yaml': variantsYaml(variants, top) },
  });
  const ended = await person.approved(['run', ...(o.args ?? [])]);
  expect(ended.exit, ended.stderr).toBe(o.exit ?? 0);
  return person;
}

export async function mergeJson(
  person: Person,
  args: readonly string[],
  o: StartOptions & { readonly exit?: number } = {},
): Promise<MergeJson> {
  const ended = await person.copse(['merge', '--json', ...args], o);
  expect(ended.exit, ended.stderr + ended.stdout).toBe(o.exit ?? 0);
  return JSON.parse(ended.stdout) as MergeJson;
}
