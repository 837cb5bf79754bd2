import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from './width.ts';

/** Replaces in the bundle the package `string-width`, which yargs and listr2 load at once and which costs 27 ms. */
export default function stringWidth(text: string): number {
  return displayWidth(stripVTControlCharacters(text));
}
