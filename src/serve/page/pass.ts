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

/**
 * Who may see the page. The token of the link is exchanged once for a cookie, which scripts cannot read and which identifies the viewer,
 * so that votes and `follow` are a viewer's own. The cookie is made from the token and ends with it.
 */
export class Pass {
  readonly #token: string;
  readonly #name: string;

  /** @param port of the page: cookies do not tell ports apart, and two pages may be open. */
  constructor(token: string, port: number) {
    this.#token = token;
    this.#name = `${OWN_COOKIES}${port}`;
  }

  opens(token: string | null): boolean {
    return token !== null && same(token, this.#token);
  }

  /** The viewer of a request, null if its cookie is not copse's. An app may have set another one with the name. */
  viewerOf(cookies: string | undefined): string | null {
    for (const [name, value] of cookiePairs(cookies)) {
      const [viewer = ''] = value.split('.');
      if (name === this.#name && VIEWER.test(viewer) && same(value, this.#value(viewer))) return viewer;
    }
    return null;
  }

  /** Cookies for a viewer with the token, and the viewer: the same as on an earlier page. */
  admit(cookies: string | undefined, host: string): { readonly viewer: string; readonly setCookie: readonly string[] } {
    const known = cookiePairs(cookies).find(([name, value]) => name === VIEWER_COOKIE && VIEWER.test(value))?.[1];
    const viewer = this.viewerOf(cookies) ?? known ?? randomBytes(9).toString('base64url');
    // The frames are names below ours; without Domain they would not get it. An address takes none, and its ports share it.
    const rest = `Path=/; HttpOnly; SameSite=Strict${host === HOME ? `; Domain=${HOME}` : ''}`;
    return {
      viewer,
      setCookie: [
        `${this.#name}=${this.#value(viewer)}; ${rest}`,
        `${VIEWER_COOKIE}=${viewer}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${YEAR_SECONDS}`,
      ],
    };
  }

  #value(viewer: string): string {
    return `${viewer}.${createHmac('sha256', this.#token).update(viewer).digest('base64url')}`;
  }
}

/** 256 random bits for a link that is a key. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}
