import { expect, it } from 'vitest';
import { parseText } from '../../../../src/config/document/parse-text.ts';

/** `2:9 what fix`, one for each problem. */
function wrong(text: string): string[] {
  const read = parseText('variants.yaml', text);
  if (read.ok) throw new Error('it is YAML');
  return read.problems.map(({ position, what, fix }) => `${position?.line}:${position?.column} ${what} ${fix ?? ''}`.trim());
}

it.each([
  [
    '  simple: Smallest change: no dependency',
    '2:11 This text contains ": ", which YAML reads as another key. Put the text in quotes: \'Smallest change: no dependency\'',
  ],
  [
    "  why: Don't: it breaks",
    "2:8 This text contains \": \", which YAML reads as another key. Put the text in quotes: 'Don''t: it breaks'",
  ],
  [
    '  a: {{who}} x',
    "2:6 A text that begins with { must be in quotes: YAML reads it as a map. Put the text in quotes: '{{who}} x'",
  ],
  ['  a: [wip] x', "2:6 A text that begins with [ must be in quotes: YAML reads it as a list. Put the text in quotes: '[wip] x'"],
  ['  a: {{who}}', '2:6 A text that begins with {{ must be in quotes: YAML reads it as a map.'],
  ['  a: @x y', "2:6 A text cannot begin with @ in YAML. Put the text in quotes: '@x y'"],
  ['  a: "say "hi" now"', '2:12 There is more text after the closing quote. Put the whole text in the other kind of quotes.'],
  ['  a: - x', '2:6 A list cannot begin on the line of its key. Begin it on the next line, or put the text in quotes.'],
  ['  a: | x', '2:8 Nothing may follow the | or > of a long text on its line. Begin the text on the next line.'],
  [
    '  a: *.ts',
    '2:6 YAML reads *.ts as an alias, and there is no anchor of that name before it. If it is a text, put it in quotes.',
  ],
  [
    '  a: x\n   b: y',
    '2:6 This text continues on the next line, which looks like a key. Indent the keys alike, or put the text in quotes.',
  ],
])('says of %j in plain words what is wrong', (line, expected) => {
  expect(wrong(`variants:\n${line}\n  z: z\n`)).toEqual([expected]);
});

it.each([
  ['to the end of the file', "name: ui\nprompt: \"Do it\nvariants:\n  a: x\n  b: 'y'\n", '2:9 This quote is never closed.'],
  ['single ones too', "a: 'x\nb: y\nc: z\n", '1:4 This quote is never closed.'],
  ['up to a later quote', 'a: "x\n  y\n  z" w\nb: c\n', '1:4 This quote is closed 2 lines below, and more text follows there.'],
  ['after one that is whole', 'a: "x"\nb: "y\nc: z\n', '2:4 This quote is never closed.'],
])('reports an open quote where it begins: %s', (_, text, expected) => {
  expect(wrong(text)[0]).toContain(expected);
});
