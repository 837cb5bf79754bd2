import { randomBytes } from 'node:crypto';
import type { Clock } from '../model/clock.ts';

/** Crockford's base 32: sorts as text as it sorts as number. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

let lastTime = -1;
let counter = 0;

/** A 26-character id that sorts by time, also among those made in the same millisecond by this process. */
export function ulid(clock: Clock): string {
  const time = Math.max(clock.now().getTime(), lastTime);
  counter = time === lastTime ? counter + 1 : 0;
  lastTime = time;
  const random = Array.from(randomBytes(12), (byte) => ALPHABET[byte % 32]).join('');
  return encode(time, 10) + encode(counter, 4) + random;
}

function encode(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32] + text;
  return text;
}
