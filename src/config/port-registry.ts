import { join } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import type { Environment } from '../system/environment.ts';
import { personStateDirectory } from '../system/person-directories.ts';

/**
 * The registry of leased ports: one for each person, over all runs and repositories, in `$XDG_STATE_HOME/copse/ports`. A person without
 * a home has one for each repository, in its store. Leasing and releasing both ask here, so that both use the same one.
 */
export function portRegistry(environment: Environment, store: { readonly root: AbsolutePath }): AbsolutePath {
  return join(personStateDirectory(environment) ?? store.root, 'ports');
}
