import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { MAY_IMPORT } from '../../support/layers.ts';

const TOP = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = readFileSync(join(TOP, 'docs/architecture.md'), 'utf8');

it('its table has each room of the house once', () => {
  const [, rooms = ''] = PAGE.split('\n## The rooms\n');
  const named = [...(rooms.split('\n## ')[0] ?? '').matchAll(/^\| `([a-z]+)(?:\/|\.ts)` \|/gm)].map(([, room]) => room ?? '');
  expect(named.toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted());
});

it('every file that it names is there', () => {
  const missing = PAGE.split('\n').flatMap((line) => {
    // A bare name is beside the one before it: `serve/page/forward.ts`, `pass-body.ts`.
    let beside = '';
    return [...line.matchAll(/`([\w./-]+\.ts)`/g)].flatMap(([, name = '']) => {
      const places = [name, join('src', name), join(beside, name)];
      const found = places.find((place) => existsSync(join(TOP, place)));
      if (found === undefined) return [name];
      beside = dirname(found);
      return [];
    });
  });
  expect(missing).toEqual([]);
});
