/** The state of a stream that copse writes to. */
export type OutputEnd =
  /** The reader has seen enough, as in `copse status | head -1`. */
  | { readonly kind: 'reader-gone' }
  /** Nothing more can be written: a full disk, /dev/full. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Calls back once when writing fails; the stream's `error` never becomes an uncaught exception. */
export function watchOutput(stream: NodeJS.WriteStream, ended: (end: OutputEnd) => void): void {
  let said = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (said) return;
    said = true;
    // ECONNRESET: the reader of a socket went away; EIO: the terminal closed.
    const gone = error.code === 'EPIPE' || error.code === 'ECONNRESET' || error.code === 'EIO';
    ended(
      gone
        ? { kind: 'reader-gone' }
        : { kind: 'failed', reason: error.code === 'ENOSPC' ? 'No space left on device' : error.message },
    );
  });
}

/** Resolves when everything written so far is out, or cannot be: then the listener has been called. */
export function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // A failure is emitted after the callbacks of the writes that it ends.
    const settled = (): void => void setImmediate(resolve);
    if (stream.destroyed || !stream.writable) settled();
    else stream.write('', settled);
  });
}
