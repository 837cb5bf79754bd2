import { createHash } from 'node:crypto';
import { html, type Markup, raw } from './markup.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * One self-contained page. Its policy lets in our style and script by their hashes and nothing else: no request leaves, and markup
 * that slipped through would not run. Trusted types keep our own script from turning text into markup.
 * Comes in parts, as `body` does.
 */
export function* page(o: {
  readonly title: string;
  readonly body: Iterable<Markup>;
  readonly pictures: boolean;
}): Generator<string> {
  const policy = [
    "default-src 'none'",
    `style-src ${hash(PAGE_STYLE)}`,
    `script-src ${hash(PAGE_SCRIPT)}`,
    // Within the page: still nothing is fetched.
    ...(o.pictures ? ['img-src data:'] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${o.title}</title>
<style>${raw(PAGE_STYLE)}</style>
</head>
<body>
`.markup;
  for (const { markup } of o.body) yield markup;
  yield html`
<script>${raw(PAGE_SCRIPT)}</script>
</body>
</html>
`.markup;
}
