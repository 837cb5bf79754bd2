/*
 * An agent's text reaches a terminal only through here: an escape sequence could retitle the window, write to the
 * clipboard or hide text. Streams are cleaned where they are read as well; the views are the last gate.
 */

// Controls but tab and newline, and what reorders or separates without being seen: a carriage return or a bidirectional override
// shows another line than the one that is there (CVE-2021-42574).
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this file is about
const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const ALL_SUSPECT = new RegExp(SUSPECT, 'g');

// Characters without width that make one name look like another. Joiners are a part of many scripts and of emoji; behind a letter of ASCII they
// only hide. Variation selectors and soft hyphens change how a character is drawn, not which one it is.
const HIDDEN =
  /[\u180e\u200b\u2060-\u2064\u206a-\u206f\ufff9-\ufffb\u115f\u1160\u3164\uffa0\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|(?<=^|[\0-\x7f])[\u200c\u200d]/gu;

// String controls (OSC, DCS, SOS, PM, APC) run to BEL or ST. One without an end loses only its introducer: no text is swallowed. None
// reaches over another introducer, so that a hostile megabyte of introducers is read once.
const STRING =
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)/;
const SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/;
const SHORT = /\u001b[ -/]*[0-~]/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above
const ESCAPES = new RegExp([STRING, SEQUENCE, SHORT].map(({ source }) => source).join('|'), 'g');

// Everything that would not be seen as itself: controls but newline, format characters (zero-width, bidi, tags), odd separators.
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\u115f\u1160\u3164\uffa0]/gu;

/**
 * Text that cannot control a terminal: without escape sequences, control characters and bidirectional overrides. `\n` and `\t`
 * stay, a carriage return becomes a line break. Invisible characters are written out (`\u{200b}`).
 */
export function plainText(text: string): string {
  const clean = SUSPECT.test(text) ? text.replace(/\r\n?/g, '\n').replace(ESCAPES, '').replace(ALL_SUSPECT, '') : text;
  return clean.replace(HIDDEN, written);
}

/** {@link plainText} in one line: runs of white space become one space. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

/** {@link oneLine} of at most `most` characters, the last an ellipsis if it is cut. */
export function shortLine(text: string, most = 200): string {
  // A model may print megabytes even if one line is shown: cut first, generously, since folding only shortens.
  const line = oneLine(text.length > most * 8 + 1024 ? text.slice(0, most * 8 + 1024) : text);
  if (line.length <= most) return line;
  // A character takes two units at most: more than that need not be taken apart.
  const characters = Array.from(line.slice(0, most * 2 + 1));
  return characters.length <= most ? line : `${characters.slice(0, Math.max(0, most - 1)).join('')}…`;
}

/** `text` with everything invisible written out (`\u{202e}`), for what a person approves. Newlines stay. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    character === '\n' ? character : character === '\t' ? '\\t' : written(character),
  );
}

function written(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
