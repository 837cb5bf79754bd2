import type { Environment } from '../system/environment.ts';
import { openBrowser } from '../system/open-browser.ts';

/** Opens the page in the person's browser; false where that cannot be done. */
export function browse(url: string, environment: Environment): Promise<boolean> {
  return openBrowser(url, environment);
}
