import { access, constants } from 'node:fs/promises';
import { findOnPath } from '../agent/find-on-path.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { VariantEvidence } from '../model/reports/evidence.ts';
import type { Store } from '../store/layout.ts';
import { listServing } from '../store/serving.ts';
import type { Environment } from '../system/environment.ts';
import { forEachAtMost } from '../system/for-each-at-most.ts';
import { screenshotOf } from '../system/screenshot.ts';

/** Names of Chromium as packages install it, and its places on macOS. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const SIZE = { width: 1280, height: 800 } as const;
const EACH_MS = 12_000;
const ALL_MS = 40_000;
const AT_ONCE = 2;
/** More than that is a photograph that fills the window; the report stays small enough to send. */
const MAX_BYTES = 3 * 1024 * 1024;

export interface Screenshots {
  readonly pictures: readonly { readonly label: string; readonly png: Uint8Array }[];
  /** Why there are none or fewer, in one sentence; empty if there is nothing to say. */
  readonly note: string;
}

const NONE: Screenshots = { pictures: [], note: '' };

/** A Chromium of this machine; null if none is found. */
export async function findChromium(environment: Environment): Promise<AbsolutePath | null> {
  for (const name of NAMES) {
    const found = await findOnPath(name, environment);
    if (found !== null) return found;
  }
  for (const path of APPLICATIONS) {
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not installed there.
    }
  }
  return null;
}

/** Pictures of those variants that `copse serve` runs at this moment, at `/`, within a bounded time. Nothing is started for it. */
export async function screenshotsOf(o: {
  readonly store: Store;
  readonly variants: readonly VariantEvidence[];
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}): Promise<Screenshots> {
  const served = (await listServing(o.store)).filter(({ alive }) => alive === true).flatMap(({ record }) => record.servers);
  const ready = o.variants.flatMap(({ label, ref }) => {
    const server = served.find(({ run, variant, state }) => run === ref.run && variant === ref.variant && state === 'ready');
    return server === undefined ? [] : [{ label, url: server.url }];
  });
  if (ready.length === 0) return NONE;
  const program = await findChromium(o.environment);
  if (program === null) {
    return { pictures: [], note: 'There are no screenshots: neither chromium nor google-chrome is installed.' };
  }
  const signal = AbortSignal.any([AbortSignal.timeout(ALL_MS), ...(o.signal === undefined ? [] : [o.signal])]);
  const taken = new Map<string, Uint8Array>();
  await forEachAtMost(AT_ONCE, ready, async ({ label, url }) => {
    if (signal.aborted) return;
    const png = await screenshotOf(url, { program, environment: o.environment, ...SIZE, timeoutMs: EACH_MS, signal }).catch(
      // No room for its profile, for one: the report says that a picture is missing, and is written.
      () => null,
    );
    if (png !== null && png.length <= MAX_BYTES) taken.set(label, png);
  });
  const missing = ready.filter(({ label }) => !taken.has(label)).map(({ label }) => label);
  return {
    pictures: ready.flatMap(({ label }) => {
      const png = taken.get(label);
      return png === undefined ? [] : [{ label, png }];
    }),
    note: missing.length === 0 ? '' : `Chromium gave no screenshot of ${missing.join(', ')}.`,
  };
}
