/**
 * A named step at which tests let us die as if by `kill -9`: nothing is flushed, no `finally` runs.
 * Does nothing unless `COPSE_FAILPOINT` (comma-separated names, kebab-case) names it.
 */
export function failpoint(name: string): void {
  const wanted = process.env['COPSE_FAILPOINT'];
  if (wanted === undefined || !wanted.split(',').includes(name)) return;
  process.kill(process.pid, 'SIGKILL');
}
