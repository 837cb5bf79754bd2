import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The contents of a folder: files with their text, links with their targets, folders. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const seen: Record<string, string> = {};
  const look = (path: string, name: string): void => {
    const stat = lstatSync(path);
    if (stat.isDirectory()) {
      seen[`${name}/`] = '';
      for (const entry of readdirSync(path)) look(join(path, entry), `${name}/${entry}`);
    } else seen[name] = stat.isSymbolicLink() ? `-> ${readlinkSync(path)}` : readFileSync(path, 'utf8');
  };
  look(folder, '');
  return seen;
}
