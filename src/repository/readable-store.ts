import { nearbyRepository } from '../git/door/nearby-repository.ts';
import { type Store, storeAt } from '../store/layout.ts';
import { openHere } from './here.ts';

/** Our state around `cwd` as far as reading goes: found without git where that can be, which is a third of the start of `copse path`. */
export async function readableStore(cwd: string): Promise<Store> {
  const near = nearbyRepository(cwd);
  return near === null ? (await openHere(cwd)).store : storeAt(near.commonDir);
}
