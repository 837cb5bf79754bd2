import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import { baseEnvironment, type Environment } from './environment.ts';
import { isErrno } from './files.ts';
import { isRoot } from './is-root.ts';
import { runCommand } from './processes/run-command.ts';

export interface ScreenshotOptions {
  /** A Chromium. */
  readonly program: AbsolutePath;
  /** The person's; only what programs usually need is passed on. */
  readonly environment: Environment;
  readonly width: number;
  readonly height: number;
  /** In all; the picture is taken as soon as the page is loaded, or after half of it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * A picture (PNG) of a page as Chromium shows it once it is loaded, with its own profile, which is deleted afterwards; null if
 * that fails. Content that an app loads later, by script, is not on it.
 */
export async function screenshotOf(url: string, o: ScreenshotOptions): Promise<Buffer | null> {
  const folder = await mkdtemp(join(tmpdir(), 'copse-picture-'));
  const picture = join(folder, 'picture.png');
  try {
    // Not --virtual-time-budget, which would see late data: it waits for ever if a page listens to events, as with hot reload.
    const result = await runCommand(
      o.program,
      [
        '--headless=new',
        // Chromium's sandbox does not start as root; as root the app's own server has no less rights.
        ...(isRoot() ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--hide-scrollbars',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        `--user-data-dir=${join(folder, 'profile')}`,
        `--window-size=${o.width},${o.height}`,
        `--timeout=${Math.round(o.timeoutMs / 2)}`,
        `--screenshot=${picture}`,
        url,
      ],
      {
        cwd: folder,
        env: baseEnvironment(o.environment),
        timeoutMs: o.timeoutMs,
        maxBytes: 1024 * 1024,
        ...(o.signal === undefined ? {} : { signal: o.signal }),
      },
    );
    return result.exitCode === 0 ? await readFile(picture) : null;
  } catch (error) {
    // It said that all went well and wrote nothing.
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  } finally {
    // A helper process of Chromium may still write into its profile for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
