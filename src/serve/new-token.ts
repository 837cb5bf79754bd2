import { randomBytes } from 'node:crypto';

/** 256 random bits for a link that is a key. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}
