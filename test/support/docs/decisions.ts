import { readdirSync } from 'node:fs';
import { sourceOf } from './declarations.ts';
import { withPart } from './generated-part.ts';

const BEGIN = '<!-- Decisions: written by `npm run docs` from their titles. Do not edit. -->';
const END = '<!-- End of decisions. -->';

/** The page with its list of decisions as they are. */
export function withDecisions(page: string): string {
  const files = readdirSync(new URL('../../../docs/decisions', import.meta.url)).sort();
  const rows = files.map((file) => {
    const title = /^# (?:\d+\. )?(.+)$/m.exec(sourceOf(`docs/decisions/${file}`))?.[1] ?? file;
    return `- [${file.slice(0, 4)}](decisions/${file}) ${title}`;
  });
  return withPart(page, BEGIN, END, rows.join('\n'));
}
