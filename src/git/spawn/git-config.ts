/** Reading and writing git configuration as data. Parsing a configuration file executes nothing; only using it does. */

/** Keys as git prints them: section and name in lower case, the subsection as it is. A value of null is a key without `=`. */
export type ConfigEntry = readonly [key: string, value: string | null];

/** What `git config --list --show-scope -z` prints, for these scopes only. */
export function parseScopedConfig(stdout: Buffer, scopes: readonly string[]): ConfigEntry[] {
  const fields = stdout.toString('utf8').split('\0');
  const entries: ConfigEntry[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (scopes.includes(fields[i] ?? '')) entries.push(parseEntry(fields[i + 1] ?? ''));
  }
  return entries;
}

/** What `git config --list -z` prints. */
export function parseConfigRecords(stdout: Buffer): ConfigEntry[] {
  return stdout.toString('utf8').split('\0').slice(0, -1).map(parseEntry);
}

/** One record of `git config --list -z`: `key LF value`, or only `key`. */
function parseEntry(record: string): ConfigEntry {
  const end = record.indexOf('\n');
  return end === -1 ? [record, null] : [record.slice(0, end), record.slice(end + 1)];
}

/** The text of a configuration file with exactly these entries, in this order. */
export function formatConfig(entries: readonly ConfigEntry[]): string {
  return entries
    .map(([key, value]) => {
      const { section, subsection, name } = splitKey(key);
      const header = subsection === null ? `[${section}]` : `[${section} "${subsection.replace(/["\\]/g, '\\$&')}"]`;
      return `${header}\n\t${name}${value === null ? '' : ` = ${quote(value)}`}\n`;
    })
    .join('');
}

/** `remote.a.b.url` is section `remote`, subsection `a.b`, name `url`. */
export function splitKey(key: string): { section: string; subsection: string | null; name: string } {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  return {
    section: key.slice(0, first),
    subsection: first === last ? null : key.slice(first + 1, last),
    name: key.slice(last + 1),
  };
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
}
