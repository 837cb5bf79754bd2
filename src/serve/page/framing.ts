import type { IncomingHttpHeaders } from 'node:http';

/**
 * Why a document refuses to be framed by the page at `ancestor`, as browsers decide; null if it does not. `frame-ancestors`
 * counts before X-Frame-Options (CSP 3, 6.4.2.2), and each policy has to allow it.
 */
export function framingRefusal(headers: IncomingHttpHeaders, ancestor: string): string | null {
  const policies = String(headers['content-security-policy'] ?? '')
    .split(',')
    .flatMap((policy) => policy.split(';').map((directive) => directive.trim().split(/\s+/)))
    .filter(([name]) => name?.toLowerCase() === 'frame-ancestors')
    .map(([, ...sources]) => sources);
  if (policies.length > 0) {
    const refusing = policies.find((sources) => !sources.some((source) => allows(source, ancestor)));
    return refusing === undefined ? null : `Content-Security-Policy: frame-ancestors ${refusing.join(' ')}`.slice(0, 200);
  }
  const options = String(headers['x-frame-options'] ?? '')
    .split(',')
    .map((word) => word.trim().toUpperCase());
  const refusing = options.find((word) => word === 'DENY' || word === 'SAMEORIGIN');
  return refusing === undefined ? null : `X-Frame-Options: ${refusing}`;
}

/** The page is never of the app's own origin: `'self'` and `'none'` allow nothing. */
function allows(source: string, ancestor: string): boolean {
  const { protocol, hostname, port } = new URL(ancestor);
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
