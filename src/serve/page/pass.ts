import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { HOME } from './addresses.ts';

/** The prefix of copse's cookies; no app sees them or sets them. */
export const OWN_COOKIES = 'copse-';
const VIEWER_COOKIE = 'copse-viewer';
const VIEWER = /^[A-Za-z0-9_-]{12}$/;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** `name=value` pairs of a Cookie header, in order. */
export function cookiePairs(header: string | undefined): readonly (readonly [name: string, value: string])[] {
  return (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
  });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Takes as long for a wrong first character as for a wrong last one. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** What the link opened: the page of its owner, who chooses and closes the voting, or that of a guest. */
export type Role = 'owner' | 'guest';

/** Who looks at the page. */
export interface Viewer {
  /** Random, and the same at the next page in this browser. */
  readonly id: string;
  readonly role: Role;
}

/** Keys of the page's links. */
export interface PageTokens {
  /** Of the link for this machine. */
  readonly owner: string;
  /** Of the link for others. */
  readonly guest: string;
}

/**
 * Who may see the page. The token of the link is exchanged once for a cookie, which scripts cannot read and which holds who is viewing,
 * so that votes and `Follow links` are a viewer's own. The cookie is derived from the owner's token and is valid as long as that is.
 */
export class Pass {
  readonly #tokens: PageTokens;
  readonly #name: string;

  /** @param port of the page: cookies do not tell ports apart, and two pages may be open. */
  constructor(tokens: PageTokens, port: number) {
    this.#tokens = tokens;
    this.#name = `${OWN_COOKIES}${port}`;
  }

  opens(token: string | null): Role | null {
    if (token === null) return null;
    if (same(token, this.#tokens.owner)) return 'owner';
    return same(token, this.#tokens.guest) ? 'guest' : null;
  }

  /** The viewer of a request, null if its cookie is not copse's. An app may have set another one with the name. */
  viewerOf(cookies: string | undefined): Viewer | null {
    for (const [name, value] of cookiePairs(cookies)) {
      const [id = '', role = ''] = value.split('.');
      if (name !== this.#name || !VIEWER.test(id) || (role !== 'owner' && role !== 'guest')) continue;
      if (same(value, this.#value({ id, role }))) return { id, role };
    }
    return null;
  }

  /** Cookies for a browser that came with a token: the viewer is the one of an earlier page, and an owner stays one. */
  admit(
    cookies: string | undefined,
    host: string,
    role: Role,
  ): { readonly viewer: Viewer; readonly setCookie: readonly string[] } {
    const remembered = cookiePairs(cookies).find(([name, value]) => name === VIEWER_COOKIE && VIEWER.test(value))?.[1];
    const known = this.viewerOf(cookies);
    const viewer: Viewer = {
      id: known?.id ?? remembered ?? randomBytes(9).toString('base64url'),
      role: known?.role === 'owner' ? 'owner' : role,
    };
    // The frames are names below ours; without Domain they would not get it. An address takes none, and its ports share it.
    const rest = `Path=/; HttpOnly; SameSite=Strict${host === HOME ? `; Domain=${HOME}` : ''}`;
    return {
      viewer,
      setCookie: [
        `${this.#name}=${this.#value(viewer)}; ${rest}`,
        // Lax: the link leads from `localhost` to another site, and a strict cookie would stay behind. It opens nothing.
        `${VIEWER_COOKIE}=${viewer.id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${YEAR_SECONDS}`,
      ],
    };
  }

  #value({ id, role }: Viewer): string {
    const signed = `${id}.${role}`;
    return `${signed}.${createHmac('sha256', this.#tokens.owner).update(signed).digest('base64url')}`;
  }
}
