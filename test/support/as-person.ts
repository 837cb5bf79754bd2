import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/*
 * The suite may be run by an agent, whose commands copse refuses what a person may do. Loaded into each copse of the suite then (and into
 * the suite itself): what the processes above the suite are, is not seen.
 */

const outside = new Set((process.env['COPSE_SUITE_ANCESTORS'] ?? '').split(','));
const read = fs.readFileSync;

function readFileSync(path: unknown, ...rest: unknown[]): unknown {
  const pid = /^\/proc\/(\d+)\/(?:environ|cmdline)$/.exec(String(path))?.[1];
  return pid !== undefined && outside.has(pid) ? '' : Reflect.apply(read, fs, [path, ...rest]);
}

if (outside.size > 0) {
  fs.readFileSync = readFileSync as typeof read;
  syncBuiltinESMExports();
}
