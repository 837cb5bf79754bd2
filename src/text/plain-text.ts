/*
 * What an agent writes reaches a terminal only through here: an escape sequence could retitle the window, write to the
 * clipboard or hide text (fault 36). Streams are stripped where they are read as well; this is the last gate.
 */

// String controls (OSC, DCS, SOS, PM, APC) run to BEL or ST. One without an end loses only its introducer: no text is swallowed.
const STRINGS = '(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)';
const SEQUENCES = '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]';
const SHORT = '\\x1b[ -/]*[0-~]';
const ESCAPES = new RegExp(`${STRINGS}|${SEQUENCES}|${SHORT}`, 'g');
// Controls but tab and newline. Bidirectional overrides and isolates reorder what stands beside them (CVE-2021-42574).
const CONTROLS = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;
// Quick test for the usual case.
const HARMLESS = /^[ -~]*$/;
// Everything that would not be seen as itself: controls but newline, format characters (zero-width, bidi, tags), odd separators.
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\u115f\u1160\u3164\uffa0]/gu;

/** `text` without escape sequences, control characters (newline and tab stay) and bidirectional overrides. */
export function plainText(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text.replaceAll('\r\n', '\n').replace(ESCAPES, '').replace(CONTROLS, '');
}

/** {@link plainText} in one line: runs of white space become one space. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

/** `text` with everything invisible written out (`\u{202e}`), for what a person approves. Newlines stay. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    character === '\n' ? character : character === '\t' ? '\\t' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
