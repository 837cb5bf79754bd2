/** Patches as git prints them, made of files' lines. */

/** `lines`: each with its sign. A file of one hunk from line 1. */
export function patchOf(path: string, lines: readonly string[]): string {
  const before = lines.filter((line) => !line.startsWith('+')).length;
  const after = lines.filter((line) => !line.startsWith('-')).length;
  const from = before === 0 ? '/dev/null' : `a/${path}`;
  const to = after === 0 ? '/dev/null' : `b/${path}`;
  const mode = before === 0 ? 'new file mode 100644\n' : after === 0 ? 'deleted file mode 100644\n' : '';
  const at = (n: number): string => `${n === 0 ? 0 : 1},${n}`;
  return `diff --git a/${path} b/${path}\n${mode}index 1111111..2222222\n--- ${from}\n+++ ${to}\n@@ -${at(before)} +${at(after)} @@\n${lines.join('\n')}\n`;
}

const CODE = `import { readFile } from 'node:fs/promises';

/** Reads the theme that a person chose; the system's where there is none. */
export async function readTheme(path: string, fallback: Theme = 'system'): Promise<Theme> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const match = /^theme:\\s*(\\w+)$/m.exec(text);
  if (match === null) return fallback;
  return isTheme(match[1]) ? match[1] : fallback; // unknown names are ignored
}
`
  .split('\n')
  .slice(0, -1);

/** A file of about `lines` lines of TypeScript, every seventh edited. */
export function codePatch(path: string, lines: number): string {
  const out: string[] = [];
  for (let i = 0; i < lines; i += 1) {
    const line = CODE[i % CODE.length] ?? '';
    if (i % 7 === 3) out.push(`-${line}`, `+${line.replace(/\w+/, `changed${i}`)}`);
    else out.push(i % 5 === 2 ? `+${line}` : ` ${line}`);
  }
  return patchOf(path, out);
}

/** Patches of `variants` variants with `characters` in all, in files of some hundred lines. */
export function manyPatches(variants: number, characters: number): { label: string; patch: string }[] {
  return Array.from({ length: variants }, (_, i) => {
    const parts: string[] = [];
    for (let size = 0, n = 0; size < characters / variants; n += 1) {
      const part = codePatch(`src/room-${n % 9}/file-${n}.ts`, 40 + ((i * 37 + n * 101) % 500));
      parts.push(part);
      size += part.length;
    }
    return { label: `variant-${i + 1}`, patch: parts.join('') };
  });
}
