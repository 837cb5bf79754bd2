import type { PageVariant, Tag, TileFacts, Tone } from '../../../model/reports/served-page.ts';
import { cost } from '../../../text/amounts.ts';
import { oneLine, plainText } from '../../../text/plain-text.ts';
import { changeWords } from '../../kit/change-words.ts';
import { outcomeWord } from '../../kit/shared-messages.ts';
import { symbolsFor } from '../../kit/style.ts';
import { removed, stateWords, workTags } from './page-messages.ts';

const symbols = symbolsFor({ unicode: true });
const STATE_TONES = { starting: 'open', ready: 'good', restarting: 'warn', failed: 'bad', stopped: 'open' } as const;
const CHECKS = 12;
const SUMMARY_CHARACTERS = 20_000;

/** The facts beside a variant on the page, as words without escape sequences and control characters. */
export function tileFacts(v: PageVariant): TileFacts {
  const tags: Tag[] = [];
  const add = (tone: Tone, text: string): void => {
    if (text !== '') tags.push({ tone, text });
  };
  if (v.outcome !== null) {
    const done = v.outcome === 'succeeded' || v.outcome === 'no-changes';
    add(done ? 'good' : 'bad', `${done ? symbols.success : symbols.failure} ${outcomeWord(v.outcome)}`);
  }
  for (const { name, status } of v.checks.slice(0, CHECKS)) {
    const good = status === 'passed';
    const mark = good ? symbols.success : status === 'skipped' ? symbols.skipped : symbols.failure;
    add(good ? 'good' : status === 'skipped' ? 'open' : 'bad', `${mark} ${oneLine(name)}`);
  }
  if (v.checks.length > CHECKS) add('open', `${v.checks.length - CHECKS} more checks`);
  if (v.changes !== null) {
    const { files, added, removed } = changeWords(v.changes, symbols);
    add('open', `${files} ${added} ${removed}`.trim());
  }
  if (v.costUsd > 0) add('open', cost(v.costUsd, symbols));
  return {
    state: { tone: STATE_TONES[v.state], text: stateWords[v.state] },
    detail: v.work === 'removed' ? removed : oneLine(v.detail),
    work: v.work === null ? null : workTags[v.work],
    tail: plainText((v.tail ?? []).join('\n')),
    tags,
    summary: plainText(v.summary).trim().slice(0, SUMMARY_CHARACTERS),
  };
}
