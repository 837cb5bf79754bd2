import { describe, expect, test } from 'vitest';
import { redactSecrets } from '../../../src/text/redact-secrets.ts';

describe('redactSecrets', () => {
  test.each([
    'sk-ant-REDACTED',
    'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    'github_pat_11ABCDEFG0abcdefghijklmnop',
    'AKIAIOSFODNN7EXAMPLE',
    'xoxb-123456789012-abcdefghijkl',
    'glpat-abcdefghijklmnopqrst',
    'npm_abcdefghijklmnopqrstuvwxyz0123456789',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
  ])('%s', (secret) => {
    expect(redactSecrets(`before ${secret} after`)).toBe('before [redacted] after');
  });

  test('a bearer token, its scheme left', () => {
    expect(redactSecrets('Authorization: Bearer abc.def-ghi_jkl~mno+pqr==')).toBe('Authorization: Bearer [redacted]');
  });

  test('given values, longest first, but none that are ordinary words', () => {
    const values = ['hunter22', 'hunter22-and-more', 'dev'];
    expect(redactSecrets('dev: hunter22-and-more, hunter22', values)).toBe('dev: [redacted], [redacted]');
  });

  test('leaves ordinary text alone', () => {
    const text = 'The bearer of sk-8 pays; see src/task-list.ts, commit 1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d.';
    expect(redactSecrets(text)).toBe(text);
  });
});
