/**
 * Calls `make` with the working directory at `/` and returns to the former one. For constructors that read files below the
 * working directory on their own. Synchronous, so nothing else of this process sees the change.
 */
export function constructAtRoot<T>(make: () => T): T {
  const before = workingDirectory();
  process.chdir('/');
  try {
    return make();
  } finally {
    if (before !== null) process.chdir(before);
  }
}

function workingDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    // Deleted under us, as after a worktree's removal: there is nowhere to return to.
    return null;
  }
}
