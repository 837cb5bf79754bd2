import { CopseError, type CopseErrorParts } from '../../model/errors.ts';

/** git ended with a status that the caller did not expect. `stderr` and `exitCode` are for callers that can tell cases apart. */
export class GitError extends CopseError {
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(parts: CopseErrorParts & { readonly exitCode: number | null; readonly stderr: string }) {
    super(parts);
    this.name = 'GitError';
    this.exitCode = parts.exitCode;
    this.stderr = parts.stderr;
  }
}

/** git's own first meaningful line: the first `fatal:` or `error:`, else the first line, without the prefix. */
export function firstLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? '';
  return telling.replace(/^(fatal|error): /, '').trim();
}
