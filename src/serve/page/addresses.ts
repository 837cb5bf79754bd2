import { isIP } from 'node:net';

/*
 * Each variant owns a whole origin. On loopback that is a name below `copse.localhost`, which browsers resolve to loopback by
 * themselves; everywhere else, where an address has no names below it, a port. `docs/decisions/0023-serve-origins.md` has the why.
 */

/** Not `localhost` itself: to browsers `dark.localhost` is another site than `localhost`, and a frame of another site gets no cookie. */
export const HOME = 'copse.localhost';

/** The meaning of a Host header for the server of the page. */
export type Addressed =
  /** The page; its frames are names below {@link HOME}. */
  | { readonly kind: 'page'; readonly host: string; readonly frames: 'names' }
  /** The page under an address; its frames are further ports. `plain`: this machine's own, where the names may work. */
  | { readonly kind: 'page'; readonly host: string; readonly frames: 'ports'; readonly plain: boolean }
  | { readonly kind: 'variant'; readonly key: string };

interface Authority {
  readonly host: string;
  readonly port: number;
}

/** Splits `host:port` (port 80 if there is none); null for what is no host of http. */
export function parseAuthority(text: string | undefined): Authority | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(text ?? '');
  if (match === null) return null;
  return { host: (match[1] ?? '').toLowerCase(), port: Number(match[2] ?? 80) };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a host is an address of this machine that is served. A foreign name that resolves to this machine (DNS rebinding) is
 * not; an address cannot be rebound, so that on the network any will do.
 */
function isOurAddress(host: string, lan: boolean): boolean {
  return LOOPBACK.has(host) || (lan && isIP(host.replace(/^\[|\]$/g, '')) !== 0);
}

/** The target of a request to the page's port; null: not for copse. */
export function addressed(header: string | undefined, o: { readonly port: number; readonly lan: boolean }): Addressed | null {
  const authority = parseAuthority(header);
  if (authority === null || authority.port !== o.port) return null;
  const { host } = authority;
  if (host === HOME) return { kind: 'page', host, frames: 'names' };
  if (host.endsWith(`.${HOME}`)) return { kind: 'variant', key: host.slice(0, -HOME.length - 1) };
  return isOurAddress(host, o.lan) ? { kind: 'page', host, frames: 'ports', plain: LOOPBACK.has(host) } : null;
}

/** The host of a request to a variant's own port; null: not for us. */
export function addressedPort(header: string | undefined, o: { readonly port: number; readonly lan: boolean }): string | null {
  const authority = parseAuthority(header);
  if (authority === null || authority.port !== o.port || !isOurAddress(authority.host, o.lan)) return null;
  return authority.host;
}

/** `http://host:port` as browsers write an origin: without port 80. */
export const originOf = (host: string, port: number): string => `http://${host}${port === 80 ? '' : `:${port}`}`;
