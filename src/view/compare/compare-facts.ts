import { resultLine } from '../../model/decision-words.ts';
import { endedWell } from '../../model/evidence/best.ts';
import { fails } from '../../model/evidence/check.ts';
import { checkSentences } from '../../model/evidence/check-words.ts';
import type {
  CheckEvidence,
  Evidence,
  MetricEvidence,
  OverlapEvidence,
  VariantEvidence,
  VoteEvidence,
} from '../../model/reports/evidence.ts';
import { oneLine } from '../../text/plain-text.ts';
import { outcomeWord } from '../kit/shared-messages.ts';
import { clashGroups } from './clash-groups.ts';
import * as say from './compare-messages.ts';

/** The first question about a variant, for the mark before its name. */
export type Mark = 'good' | 'bad' | 'open';

export function markOf(variant: VariantEvidence): Mark {
  if (variant.outcome === null) return 'open';
  return endedWell(variant) ? 'good' : 'bad';
}

/** How it ended; `checks failed` if the agent did well but its work does not: a red "succeeded" would contradict itself. */
export function outcomeText(variant: VariantEvidence): string {
  if (variant.outcome === null) return say.notFinished;
  const done = variant.outcome === 'succeeded' || variant.outcome === 'no-changes';
  return done && variant.checks.some(fails) && !endedWell(variant) ? say.checksFailed : outcomeWord(variant.outcome);
}

/** Variants in the order of the ranking, each with its rank; those without one last, as they came. */
export function byRank(evidence: Evidence): { readonly variant: VariantEvidence; readonly rank: number | null }[] {
  const places = new Map(evidence.ranking.map(({ label, rank }, place) => [label, { rank, place }]));
  return evidence.variants
    .map((variant, i) => ({
      variant,
      rank: places.get(variant.label)?.rank ?? null,
      place: places.get(variant.label)?.place ?? 1e9 + i,
    }))
    .sort((a, b) => a.place - b.place)
    .map(({ variant, rank }) => ({ variant, rank }));
}

/** What is decided, in sentences: the result first, then why, and whether the variant has changed since; none: votes are still taken. */
export function decisionTexts({ decision, variants }: Evidence): string[] {
  const tally = variants.map(({ label, votes }) => ({ label: oneLine(label), votes: votes.length }));
  const line = resultLine({ chosen: decision.chosen === null ? null : oneLine(decision.chosen), voting: decision.voting, tally });
  return [line, oneLine(decision.why), decision.changed ? say.changedSince : ''].filter((text) => text !== '');
}

/** The ranking with its reasons; equal ones are tied. */
export function rankingTexts(
  evidence: Evidence,
): { readonly label: string; readonly rank: number; readonly reasons: string[] }[] {
  return evidence.ranking.map(({ label, rank, reasons }) => {
    const tied = evidence.ranking
      .filter((other) => other.rank === rank && other.label !== label)
      .map((other) => oneLine(other.label));
    const said = reasons.map(oneLine);
    return { label, rank, reasons: said.length > 0 || tied.length === 0 ? said : [say.tiedWith(tied)] };
  });
}

export function mergeText({ merges, changes }: VariantEvidence): string {
  if (changes.files === 0) return '';
  if (merges === null) return say.unknown;
  return merges.clean ? say.clean : say.conflictsIn(merges.conflicts.length);
}

/** How many of the other variants it conflicts with. */
export function clashCount(label: string, overlap: readonly OverlapEvidence[]): number {
  return overlap.filter(({ a, b, conflicts }) => conflicts.length > 0 && (a === label || b === label)).length;
}

/** Names of all metrics, in the order in which variants have them. */
export function metricNames(evidence: Evidence): string[] {
  return [...new Set(evidence.variants.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
}

export function metricOf(variant: VariantEvidence, name: string): MetricEvidence | null {
  return variant.metrics.find((metric) => metric.name === name) ?? null;
}

/** Results of its checks that its cells do not show, one sentence each, with the check whose output shows the rest. */
export function checkRemarks(
  variant: VariantEvidence,
  evidence: Evidence,
): { readonly text: string; readonly check: CheckEvidence }[] {
  const base = evidence.base?.ref ?? 'the base';
  return variant.checks.flatMap((check) =>
    checkSentences(variant.label, check, base).map((text) => ({ text: oneLine(text), check })),
  );
}

/** Further sentences about one variant beside its row. */
export function remarksOf(variant: VariantEvidence): string[] {
  const reason = oneLine(variant.reason);
  return [
    ...(reason === '' || variant.outcome === 'succeeded' ? [] : [reason]),
    ...variant.metrics
      .filter(({ value }) => value === null)
      .map(({ name, failure }) => say.metricFailed(oneLine(name), oneLine(failure))),
    ...((variant.uncommitted ?? []).length === 0 ? [] : [say.uncommitted((variant.uncommitted ?? []).map(oneLine))]),
    ...variant.notes.map(oneLine),
    ...favouredText(variant),
  ];
}

const NOTE_CHARACTERS = 160;

/** `AB: calm`, or the note alone. */
export function voteText({ name, note }: Pick<VoteEvidence, 'name' | 'note'>): string {
  return oneLine(name) === '' ? oneLine(note) : `${oneLine(name)}: ${oneLine(note)}`;
}

/** `2 votes: “calm”`; none if there are no votes. */
function favouredText({ votes }: VariantEvidence): string[] {
  if (votes.length === 0) return [];
  const notes = votes.filter(({ note }) => oneLine(note) !== '').map(voteText);
  const changed = votes.filter((vote) => vote.changed).length;
  return [
    say.favoured(
      votes.length,
      notes.slice(0, 5).map((note) => (note.length > NOTE_CHARACTERS ? `${note.slice(0, NOTE_CHARACTERS)} …` : note)),
    ),
    ...(changed === 0 ? [] : [say.votedBefore(changed)]),
  ];
}

/** Sentences about the whole comparison. */
export function warningsOf(evidence: Evidence): string[] {
  const { target, differingBases, checksFrom, runs } = evidence;
  return [
    ...(checksFrom === null ? [] : [say.checksFrom(oneLine(checksFrom.file), runs.map(oneLine))]),
    ...(differingBases.length === 0 ? [] : [say.differingBases(differingBases.map(oneLine))]),
    ...(target === null || target.commit !== null ? [] : [say.targetGone(oneLine(target.branch))]),
    ...(target?.behindRemote == null || target.behindRemote.commits === 0
      ? []
      : [say.behind(oneLine(target.branch), oneLine(target.behindRemote.remote), target.behindRemote.commits)]),
    ...(evidence.stopped ? [say.stopped] : []),
    ...evidence.notes.map(oneLine),
  ];
}

const SENTENCES = 6;

/** Where variants meet: conflicts first, one sentence for all that clash in the same files, and of each kind at most a handful. */
export function acrossTexts(evidence: Evidence): string[] {
  const { overlap, agreement, variants } = evidence;
  const clashing = overlap.filter(({ conflicts }) => conflicts.length > 0);
  const touching = overlap.filter(({ conflicts, files }) => conflicts.length === 0 && files.length > 0);
  const clashes = clashTexts(clashing, variants.length);
  const room = Math.max(0, SENTENCES - clashes.length);
  const files = new Set(agreement.map(({ path }) => path)).size;
  return [
    ...targetTexts(evidence),
    ...clashes,
    ...touching.slice(0, room).map(({ a, b, files: both }) => say.pairOverlaps(oneLine(a), oneLine(b), both.length)),
    ...(touching.length > room ? [say.morePairs(touching.length - room)] : []),
    ...(clashing.length + touching.length === 0 &&
    !evidence.stopped &&
    variants.filter(({ files: own }) => own.length > 0).length > 1
      ? [say.noOverlap]
      : []),
    ...(agreement.length === 0
      ? []
      : [
          say.agreement(
            agreement.length,
            files,
            agreement.every((one) => one.variants.length === variants.length),
          ),
        ]),
  ];
}

/** Variants that conflict with the target in the same files share a sentence. */
function targetTexts({ target, variants }: Evidence): string[] {
  if (target === null) return [];
  const conflicting = variants.flatMap(({ label, merges }) =>
    merges === null || merges.clean ? [] : [{ label: oneLine(label), paths: merges.conflicts.map(oneLine) }],
  );
  const groups = Map.groupBy(conflicting, ({ paths }) => paths.join('\n'));
  return [...groups.values()].map((group) =>
    say.mergeConflicts(
      group.map(({ label }) => label),
      oneLine(target.branch),
      group[0]?.paths ?? [],
    ),
  );
}

function clashTexts(clashing: readonly OverlapEvidence[], variants: number): string[] {
  const groups = clashGroups(clashing);
  const told = groups.slice(0, SENTENCES);
  const rest = new Set(groups.slice(SENTENCES).flatMap(({ paths }) => paths)).size;
  return [
    ...told.map(({ with: hub, labels, paths }) => {
      const names = labels.map(oneLine);
      const where = paths.map(oneLine);
      if (hub !== null) return say.conflictsWith(oneLine(hub), names, where);
      return names.length > 2 && names.length === variants ? say.allConflict(names.length, where) : say.conflict(names, where);
    }),
    ...(rest === 0 ? [] : [say.moreConflicts(rest)]),
  ];
}

export interface JudgeLine {
  readonly label: string;
  /** Mean of its criteria in each round. */
  readonly means: readonly number[];
  readonly scores: Readonly<Record<string, number>>;
  readonly reasons: string;
  readonly risks: string;
}

/** The judge's words about each variant, the best first; scores and words of the first round. */
export function judgeLines(evidence: Evidence): JudgeLine[] {
  const rounds = evidence.judge?.rounds ?? [];
  const mean = (scores: Readonly<Record<string, number>>): number => {
    const values = Object.values(scores);
    return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const lines = (rounds[0]?.scores ?? []).map(({ label, scores, reasons, risks }) => ({
    label,
    scores,
    reasons,
    risks,
    means: rounds.flatMap((round) => round.scores.filter((one) => one.label === label).map((one) => mean(one.scores))),
  }));
  const total = (line: JudgeLine): number => line.means.reduce((sum, value) => sum + value, 0) / Math.max(1, line.means.length);
  return lines.sort((a, b) => total(b) - total(a));
}

/** `8.5`, or `8.5, then 6.0` if it was asked twice. */
export function meansText(means: readonly number[]): string {
  return means.map((value) => value.toFixed(1)).join(', then ');
}

/** Sentences about the judge. */
export function judgeRemarks(evidence: Evidence): string[] {
  const { judge } = evidence;
  if (judge === null) return [];
  return [
    ...(judge.failure === '' ? [] : [say.judgeFailed(oneLine(judge.failure))]),
    ...(judge.disagreements.length === 0 ? [] : [say.judgeDisagrees(judge.disagreements.map(oneLine))]),
    ...(judge.leftOut.length === 0 ? [] : [say.judgeLeftOut(judge.leftOut.map(oneLine))]),
  ];
}
