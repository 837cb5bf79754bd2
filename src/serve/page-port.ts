import type { AbsolutePath, RunId } from '../model/ids.ts';
import { PAGE_LEASE } from '../store/serving.ts';
import { isPortFree, leasePort } from '../system/ports.ts';

/** The port of the page of these runs, kept as long as they have worktrees; 0 (any) while another program listens there. */
export async function leasePagePort(o: {
  readonly registry: AbsolutePath;
  readonly commonDir: AbsolutePath;
  readonly runs: readonly RunId[];
}): Promise<number> {
  const [first = '', ...others] = o.runs;
  const key = `${o.commonDir}\0${first}\0${[PAGE_LEASE, ...others].join('+')}`;
  const port = await leasePort({ registry: o.registry, key });
  return (await isPortFree(port)) ? port : 0;
}
