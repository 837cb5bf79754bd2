import type { IncomingHttpHeaders } from 'node:http';

/** A policy by its directives; the first of a name counts. */
export type Policy = ReadonlyMap<string, readonly string[]>;

/** The policies of a Content-Security-Policy header, or of several joined. */
export function policiesOf(header: string | readonly string[] | undefined): readonly Policy[] {
  return String(header ?? '')
    .split(',')
    .map((policy) => {
      const directives = new Map<string, readonly string[]>();
      for (const directive of policy.split(';')) {
        const [name = '', ...sources] = directive.trim().split(/\s+/);
        const known = name.toLowerCase();
        if (known !== '' && !directives.has(known))
          directives.set(
            known,
            sources.map((source) => source.toLowerCase()),
          );
      }
      return directives;
    })
    .filter(({ size }) => size > 0);
}

/**
 * Why a document refuses to be framed by the page at `ancestor`, as browsers decide; null if it does not. `frame-ancestors`
 * counts before X-Frame-Options (CSP 3, 6.4.2.2), and each policy has to allow it.
 */
export function framingRefusal(headers: IncomingHttpHeaders, ancestor: string): string | null {
  const policies = policiesOf(headers['content-security-policy']).flatMap((policy) => {
    const sources = policy.get('frame-ancestors');
    return sources === undefined ? [] : [sources];
  });
  if (policies.length > 0) {
    const refusing = policies.find((sources) => !sources.some((source) => sourceAllows(source, ancestor)));
    return refusing === undefined ? null : `Content-Security-Policy: frame-ancestors ${refusing.join(' ')}`.slice(0, 200);
  }
  const options = String(headers['x-frame-options'] ?? '')
    .split(',')
    .map((word) => word.trim().toUpperCase());
  const refusing = options.find((word) => word === 'DENY' || word === 'SAMEORIGIN');
  return refusing === undefined ? null : `X-Frame-Options: ${refusing}`;
}

/** Whether a source names an origin. To a page that frames an app, `'self'` and `'none'` allow nothing: its origin is never the app's. */
export function sourceAllows(source: string, origin: string): boolean {
  const { protocol, hostname, port } = new URL(origin);
  const wanted = source.toLowerCase();
  if (wanted === '*' || wanted === protocol) return true;
  const match = /^(?:(https?):\/\/)?(\*|(?:\*\.)?[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d+|\*))?(?:\/.*)?$/.exec(wanted);
  if (match === null) return false;
  const [, scheme, host = '', ports] = match;
  if (scheme !== undefined && `${scheme}:` !== protocol) return false;
  if (ports !== '*' && (ports ?? '80') !== (port === '' ? '80' : port)) return false;
  if (host === '*') return true;
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host;
}
