import { describe, expect, test } from 'vitest';
import { showDiff } from '../../../src/compare/show-diff.ts';
import { oneLine } from '../../../src/text/plain-text.ts';
import { Sandbox } from '../../support/git-repository.ts';

const ESC = '\u001b';
const HOSTILE: readonly (readonly [title: string, text: string, shown: string])[] = [
  ['a clipboard write', `${ESC}]52;c;ZXZpbA==\u0007`, '\\u{1b}]52;c;ZXZpbA==\\u{7}'],
  ['a window title', `${ESC}]0;evil${ESC}\\`, '\\u{1b}]0;evil\\u{1b}\\'],
  ['a cleared screen', `${ESC}[2J${ESC}[H`, '\\u{1b}[2J\\u{1b}[H'],
  ['a bidirectional override', 'if (x\u202e) {\u2066', 'if (x\\u{202e}) {\\u{2066}'],
  ['hidden and coloured text', `${ESC}[8mrm -rf${ESC}[31m`, '\\u{1b}[8mrm -rf\\u{1b}[31m'],
  ['a line that is written over', 'evil\rgood', 'evil\\u{d}good'],
  ['a name that looks like another', 'pay\u200bload', 'pay\\u{200b}load'],
];

async function diffOf(text: string, o: { terminal: boolean; colour: boolean; config?: readonly string[] }): Promise<string> {
  const sandbox = new Sandbox({ 'a.txt': 'before\n' });
  if (o.config !== undefined) sandbox.git('config', ...o.config);
  const from = sandbox.git('rev-parse', 'HEAD');
  const to = sandbox.commit({ 'a.txt': `${text}\ntab\there\r\n` });
  const pieces: Buffer[] = [];
  const write = async (piece: Buffer): Promise<void> => {
    pieces.push(piece);
  };
  await showDiff({ cwd: sandbox.root, from, to, paths: [], stat: false, write, terminal: o.terminal, colour: o.colour });
  return Buffer.concat(pieces).toString('utf8');
}

describe('what a variant wrote cannot steer the terminal that shows its diff', () => {
  test.each(HOSTILE)('%s', async (_, text, shown) => {
    for (const colour of [true, false]) {
      const diff = await diffOf(text, { terminal: true, colour });
      const plain = diff.replaceAll(new RegExp(`${ESC}\\[(?:32|41)?m`, 'g'), '');
      expect(plain).toContain(`+${shown}\n`);
      expect(plain).toContain('+tab\there\n');
      expect(diff.split('\n').find((line) => line.includes('before'))).toBe(colour ? `${ESC}[31m-before${ESC}[m` : '-before');
    }
  });

  test("the person's own colours stay, whatever a pager is set to", async () => {
    const config = ['color.diff.new', 'blue bold'];
    const diff = await diffOf('after', { terminal: true, colour: true, config });
    expect(diff).toContain(`${ESC}[1;34m+${ESC}[m${ESC}[1;34mafter${ESC}[m`);
    expect(diff).toContain(`${ESC}[36m@@ -1 +1,2 @@${ESC}[m`);
  });

  test('in a pipe each byte is as it is, for git apply', async () => {
    for (const [, text] of HOSTILE) expect(await diffOf(text, { terminal: false, colour: false })).toContain(`+${text}\n`);
  });

  test('a name with something hidden in it does not look like another', () => {
    expect(oneLine('ui/da\u200brk')).toBe('ui/da\\u{200b}rk');
    expect(oneLine('ui/da\u2060rk\u{e0041}')).toBe('ui/da\\u{2060}rk\\u{e0041}');
    expect(oneLine('a\u200db')).toBe('a\\u{200d}b');
    expect(oneLine('👩‍👩‍👧 نامه‌ای')).toBe('👩‍👩‍👧 نامه‌ای');
  });
});
