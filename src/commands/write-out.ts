/**
 * Writes, and resolves once the system has taken it. For whatever can be long: a stream keeps in memory what its reader has not taken
 * yet, and a pipe with a million writes waiting fails with EINVAL. Without a reader it resolves as well: the process is being ended then.
 * Always a turn of the event loop later: signals, and the end that a closed pipe brings, wait for one.
 */
export function writeOut(stream: NodeJS.WritableStream, data: string | Uint8Array): Promise<void> {
  if (data.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.write(typeof data === 'string' ? Buffer.from(data) : data, () => setImmediate(resolve));
  });
}
