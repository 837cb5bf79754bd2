import { expect, test } from 'vitest';
import { secretValuesOf } from '../../../../src/git/commit/secret-content.ts';

test('values of keys that say they are secret, long enough, quoted or not', () => {
  const text = [
    'API_KEY=abcdefghijkl',
    'export DB_PASSWORD="pass word 123"',
    "TOKEN='tok_1234567890' # comment",
    'SECRET_SHORT=abc',
    'PORT=300000000000',
    'NEXT_PUBLIC_KEY=pk_1234567890123',
    'STRIPE_PUBLISHABLE_KEY=pk_1234567890123',
    '# OLD_TOKEN=tok_commented_out',
    'not a line',
  ].join('\r\n');
  expect(secretValuesOf(text)).toEqual(['abcdefghijkl', 'pass word 123', 'tok_1234567890']);
});
