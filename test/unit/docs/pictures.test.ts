import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const TOP = fileURLToPath(new URL('../../../', import.meta.url));
const PICTURES = readdirSync(`${TOP}docs/pictures`).sort();

it('README shows each picture, and none that is missing', () => {
  const shown = readFileSync(`${TOP}README.md`, 'utf8').matchAll(/docs\/pictures\/([\w.-]+)/g);
  expect([...shown].map(([, name]) => name).toSorted()).toEqual(PICTURES);
});

it('each is there for light and dark', () => {
  const light = PICTURES.filter((name) => name.includes('-light.'));
  expect(light.flatMap((name) => [name.replace('-light.', '-dark.'), name])).toEqual(PICTURES);
});

it('all of them take less than 400 kB', () => {
  const sizes = PICTURES.map((name) => statSync(`${TOP}docs/pictures/${name}`).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(400_000);
});
