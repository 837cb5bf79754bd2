import { randomBytes } from 'node:crypto';
import { portRegistry } from '../../config/port-registry.ts';
import { personSecret } from '../../config/trust/seal.ts';
import type { Here } from '../../repository/current-repository.ts';
import { leasePagePort } from '../../serve/page-port.ts';
import type { Context } from '../command.ts';
import type { ToServe } from './serve-targets.ts';

/** Where a page is, and the keys of its links. */
export interface PageLink {
  readonly tokens: { readonly owner: string; readonly guest: string };
  /** 0: any. */
  readonly port: number;
}

/** Of a guest's key 132 bits: its link is scanned, and a short one makes a picture that every phone reads. */
const GUEST_CHARACTERS = 22;

/**
 * The link of the page of these runs: the same each time, so that open pages come back by themselves. Its keys are made from the person's
 * own secret: what a repository brings along cannot know them.
 */
export async function pageLink(here: Here, toServe: ToServe, context: Context): Promise<PageLink> {
  const { commonDir } = here.repository;
  const runs = toServe.chosen.map(({ state }) => state);
  const secret = (role: string): Promise<string | null> =>
    personSecret(['page', role, commonDir, ...runs.flatMap(({ id, createdAt }) => [id, createdAt])], context.environment);
  const [owner, guest] = await Promise.all([secret('owner'), secret('guest')]);
  const any = (): string => randomBytes(32).toString('base64url');
  const registry = portRegistry(context.environment, here.store);
  return {
    tokens: { owner: owner ?? any(), guest: (guest ?? any()).slice(0, GUEST_CHARACTERS) },
    port: await leasePagePort({ registry, commonDir, runs: runs.map(({ id }) => id) }),
  };
}
