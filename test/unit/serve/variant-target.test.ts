import { expect, it } from 'vitest';
import { baseLabel, expanded, labelsOf } from '../../../src/serve/variant-target.ts';

it('fills run, variant and port into URL and environment, and leaves the command to the shell', () => {
  const ready = { kind: 'url', url: 'http://localhost:$PORT/up?of={variant}&p={port}&q=$\u007bPORT}&x=$PORTAL' } as const;
  const serve = { run: 'npm run dev -- --port $PORT # {variant}', ready, timeoutMs: 1, env: { DB: '{run}_{variant}_{port}' } };
  expect(expanded(serve, { run: 'ui', variant: 'dark', port: 41000 })).toEqual({
    run: 'npm run dev -- --port $PORT # {variant}',
    ready: { kind: 'url', url: 'http://localhost:41000/up?of=dark&p=41000&q=41000&x=$PORTAL' },
    timeoutMs: 1,
    env: { DB: 'ui_dark_41000' },
  });
});

it('names variants by their run only where there are several', () => {
  const one = labelsOf([{ run: 'ui', variant: 'dark' }]);
  expect(one('ui', 'dark')).toBe('dark');
  const two = labelsOf([
    { run: 'ui', variant: 'dark' },
    { run: 'ui-2', variant: 'dark' },
  ]);
  expect(two('ui-2', 'dark')).toBe('ui-2/dark');
  expect([baseLabel(['dark']), baseLabel(['base']), baseLabel(['base', 'the-base', 'base-commit'])]).toEqual([
    'base',
    'the-base',
    'base/commit',
  ]);
});
