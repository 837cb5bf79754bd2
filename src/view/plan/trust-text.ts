import type { TrustItem, TrustPlan } from '../../model/plan.ts';
import { visibleText } from '../../text/plain-text.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor } from '../kit/style.ts';
import { displayWidth, padEnd } from '../kit/width.ts';
import * as say from './plan-messages.ts';

/**
 * The commands and permissions of a repository's files, each item complete: nothing cut, folded or left out, everything invisible written out,
 * because this is what the user approves.
 */
function trustItemLines(items: readonly TrustItem[], o: Screen): string[] {
  const style = styleFor(o);
  const labels = items.map((item) => visibleText(item.where));
  const width = Math.min(32, Math.max(0, ...labels.map(displayWidth)));
  return items.flatMap((item, i) => {
    const [first = '', ...rest] = visibleText(item.text).split('\n');
    const label = padEnd(labels[i] ?? '', width);
    return [`  ${style.dim(label)}  ${first}`, ...rest.map((line) => `  ${' '.repeat(width)}  ${line}`)];
  });
}

/** The trust block of `plan`, also shown before anybody is asked; `startCommand`: the line that asks. */
export function trustText(trust: TrustPlan, o: Screen & { readonly startCommand?: string }): string {
  const style = styleFor(o);
  if (!trust.needed) return say.trustNone;
  const items = trustItemLines(trust.items, o);
  if (trust.approved) return [style.dim(say.trustApproved), ...items].join('\n');
  const command = o.startCommand === undefined ? [] : [`  ${say.trustCommand(o.startCommand, trust.hash)}`];
  return [style.yellow(say.trustNeeded), ...items, ...command].join('\n');
}
