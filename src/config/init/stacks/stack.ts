import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProposedCheck } from '../report-flags.ts';

/** One folder of the repository, by the names of what is committed in it. */
export interface Look {
  readonly names: ReadonlySet<string>;
  /** The first megabyte of one of its files; empty: there is none. */
  readonly text: (name: string) => string;
}

export type StackCheck = ProposedCheck & { readonly name: string };

/** How a project of one kind is set up and checked: one row of the table. */
export interface Stack {
  /** Of each language the first row counts that fits a folder. */
  readonly language: string;
  /** It fits where one of these is; `*.csproj` is any such file. The first is named to the person. */
  readonly files: readonly string[];
  /** Further condition. */
  readonly fits?: (at: Look) => boolean;
  /** A line for `sh -c` that installs what is locked and changes no file of the repository; null: nothing to do. */
  readonly setup: (at: Look) => string | null;
  readonly checks: (at: Look) => readonly StackCheck[];
  /** Starts the development server on `$PORT`. */
  readonly serve?: (at: Look) => string | null;
  /** Ignored folders that come again by themselves. */
  readonly disposable: (at: Look) => readonly string[];
  /** Whether its commands also do for folders of the same language below. */
  readonly covers: (at: Look, below: Look) => boolean;
}

export const always = (): boolean => true;
export const nothing = (): readonly never[] => [];

/** A check as the table states it; `report`: where it writes its results by test, see `report` of a check. */
export function check(name: string, run: string, report: string | null = null): StackCheck {
  return { name, run, report };
}

const LONGEST = 1024 * 1024;

/** What is in a folder. */
export function lookAt(folder: string, names: ReadonlySet<string>): Look {
  const read = new Map<string, string>();
  return {
    names,
    text: (name) => {
      const known = read.get(name) ?? textOf(join(folder, name));
      read.set(name, known);
      return known;
    },
  };
}

function textOf(path: string): string {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8').slice(0, LONGEST) : '';
  } catch {
    // Not there, or not to be read: whoever uses it will say so; there is nothing to suggest.
    return '';
  }
}

/** The first file of the folder that one of the names means. */
export function fileOf({ names }: Look, files: readonly string[]): string | null {
  for (const file of files) {
    if (!file.startsWith('*')) {
      if (names.has(file)) return file;
      continue;
    }
    const found = [...names].sort().find((name) => name.endsWith(file.slice(1)));
    if (found !== undefined) return found;
  }
  return null;
}
