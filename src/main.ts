#!/usr/bin/env node
/*
 * The bin. An old Node has to parse this file to report that it is too old: nothing newer than import() is used here, and
 * everything else is behind it.
 */
var version = process.versions.node.split('.');

if (Number(version[0]) < 22 || (version[0] === '22' && Number(version[1]) < 18)) {
  console.error(
    'copse needs Node 22.18 or newer; this is ' + process.versions.node + '. Install one: https://nodejs.org/en/download',
  );
  process.exitCode = 3;
} else {
  void import('./cli/start.ts');
}
