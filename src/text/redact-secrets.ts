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
