/** Whether we are root, whom permissions do not hold. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
