import encodeQR from 'qr';

/** A link as a QR code, SVG. */
export function linkCode(link: string): string {
  return encodeQR(link, 'svg', { border: 2 });
}

/** The same for a terminal, dark on light whatever its colours are. */
export function terminalCode(link: string): string {
  return encodeQR(link, 'term', { border: 2 });
}
