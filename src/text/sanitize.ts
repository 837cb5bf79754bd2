// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this file is about

const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** String sequences (OSC, DCS, SOS, PM, APC) up to BEL or ST; unterminated ones up to the line's end. */
const STRING_SEQUENCE = /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?/g;
const CSI_SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/g;
const SHORT_SEQUENCE = /\u001b[ -/]*[0-~]?/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text that a terminal cannot be steered with: escape sequences, C0 and C1 controls and bidirectional overrides go;
 * `\n` and `\t` stay, a carriage return becomes a line break.
 */
export function stripControl(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .replace(STRING_SEQUENCE, '')
    .replace(CSI_SEQUENCE, '')
    .replace(SHORT_SEQUENCE, '')
    .replace(/\r\n?/g, '\n')
    .replace(CONTROLS, '');
}

/** One line without control characters, white space folded, at most `max` characters (the last an ellipsis if cut). */
export function oneLine(text: string, max = 200): string {
  // A model may print megabytes where one line is shown: cut first, generously, since folding only shortens.
  const bounded = text.length > max * 8 + 1024 ? text.slice(0, max * 8 + 1024) : text;
  const line = stripControl(bounded).replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  // A character takes two units at most: more than that need not be taken apart.
  const characters = Array.from(line.slice(0, max * 2 + 1));
  return characters.length <= max ? line : `${characters.slice(0, Math.max(0, max - 1)).join('')}…`;
}

const REDACTED = '[redacted]';

/** Shapes of keys whose issuers gave them a recognisable form. */
const KEY_SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  /\bsk-ant-[A-Za-z0-9_-]{8,}/g,
  /\bsk-(?:proj-|live-|test-)?[A-Za-z0-9_]{20,}/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{16,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  /(?<=\b[Bb]earer\s{1,4})[A-Za-z0-9._~+/-]{16,}=*/g,
];

/** Shorter values (`1`, `true`, `dev`) would shred ordinary text and are no secrets. */
const SHORTEST_SECRET = 8;

/** Replaces keys of known shape and the given literal values (of at least 8 characters) with `[redacted]`. */
export function redactSecrets(text: string, values: readonly string[] = []): string {
  let redacted = text;
  // Longest first: a value that contains another must not leave its rest behind.
  for (const value of [...values].sort((a, b) => b.length - a.length)) {
    if (value.length >= SHORTEST_SECRET) redacted = redacted.replaceAll(value, REDACTED);
  }
  for (const shape of KEY_SHAPES) redacted = redacted.replace(shape, REDACTED);
  return redacted;
}
