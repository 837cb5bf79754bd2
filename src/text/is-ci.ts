/** Whether the run is unattended, by the convention of `CI=true`. `CI=false`, `CI=0` and an empty value turn it off. */
export function isCi(environment: Readonly<Record<string, string | undefined>>): boolean {
  const value = environment['CI'];
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}
