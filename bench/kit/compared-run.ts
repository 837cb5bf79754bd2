import { makeRun } from './finished-run.ts';
import { type Lab, project } from './lab.ts';

/**
 * Each variant changes ten files of its own, one at a line where all others change it too, one as all others do, renames one and
 * adds one: what a matrix and an agreement are made of.
 */
const SCRIPT = `
init();
const number = Number(variant.replace(/\\D/g, '') || 1);
const file = (n) => 'src/part' + Math.floor(n / 100) + '/file' + n + '.ts';
const edit = (n, line, text) => {
  const lines = fs.readFileSync(file(n), 'utf8').split('\\n');
  lines[line] = text;
  fs.writeFileSync(file(n), lines.join('\\n'));
};
for (let n = 0; n < 10; n += 1) edit(number * 400 + n * 37, 2, 'export const own = "' + variant + '";');
edit(7, 3, 'export const clash = "' + variant + '";');
edit(8, 3, 'export const alike = true;');
fs.renameSync(file(number * 400 + 1), 'src/part' + number + '/renamed.ts');
fs.writeFileSync('src/' + variant + '.ts', 'export const name = "' + variant + '";\\n');
call('Edit', { file_path: file(7), old_string: 'a', new_string: 'b' });
done();
`;

const runs = new WeakMap<Lab, Promise<string>>();

/** A repository of 10,000 files with a finished, checked run `ui` of 20 variants; one for all rows that ask. Its root. */
export function comparedRun(lab: Lab): Promise<string> {
  const before = runs.get(lab);
  if (before !== undefined) return before;
  const making = makeRun(lab, 'compared', {
    files: project(10_000, 300),
    script: SCRIPT,
    settings: 'verify:\n  test: test -f src/part0/file7.ts\n',
  });
  runs.set(lab, making);
  return making;
}
