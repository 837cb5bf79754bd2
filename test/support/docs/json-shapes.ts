import { ISOLATIONS, OUTCOMES } from '../../../src/model/outcome.ts';
import { declarations } from './declarations.ts';

const oneOf = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');

interface Shape {
  readonly title: string;
  readonly text: string;
  /** TypeScript, as in the source. */
  readonly types: readonly string[];
}

const SHAPES: readonly Shape[] = [
  {
    title: '`status <run> --json`, `wait --json`',
    text: 'One line: `BriefJson`, about two kilobytes for three variants. `--full` prints `StatusJson` instead.',
    types: [
      declarations('src/view/run/brief-json.ts', ['BriefJson', 'BriefRunJson', 'BriefVariantJson']),
      declarations('src/view/next-json.ts', ['NextJson']),
    ],
  },
  {
    title: '`init --json`, and `run`, `retry`, `resume` with `--detach --json`',
    text: 'One line: `InitJson` or `StartedJson`.',
    types: [declarations('src/commands/init.ts', ['InitJson']), declarations('src/view/run/started-json.ts', ['StartedJson'])],
  },
  {
    title: '`status --json`, `status <run> --json --full`, `wait --json --full`',
    text: `One line: \`StatusJson\`. \`status\` lists the latest runs, the latest last, and with \`--all\` all of them. An \`Outcome\` is one of ${oneOf(OUTCOMES)}. An \`Isolation\` is one of ${oneOf(ISOLATIONS)}. \`next\` is the command that continues a variant.`,
    types: [
      declarations('src/view/run/status-json.ts', ['StatusJson', 'ServingJson', 'RunJson', 'VariantJson']),
      declarations('src/view/check-json.ts', ['CheckFactsJson', 'TestsJson', 'TestNamesJson']),
      declarations('src/view/run/run-word.ts', ['RunWord']),
      declarations('src/model/run-state/state.ts', ['VariantPhaseKind', 'VariantPhase']),
      declarations('src/model/outcome.ts', ['Tokens', 'Changes']),
    ],
  },
  {
    title: '`plan --json`',
    text: 'One line: `PlanJson`. If there is no plan, `problems` explains why and the rest is null or empty.',
    types: [
      declarations('src/view/plan/plan-json.ts', ['PlanJson', 'PlanVariantJson', 'ProblemJson', 'BaseLookJson', 'BaseCheckJson']),
      declarations('src/model/plan.ts', [
        'Limits',
        'NamedCommand',
        'PlannedServe',
        'Ready',
        'CopyPlan',
        'TrustPlan',
        'TrustItem',
      ]),
    ],
  },
  {
    title: '`run --json`, `attach --json`, `retry --json`, `resume --json`',
    text: 'One line for each event, `Envelope & RunEventBody`, as it comes. The command ends with the run. New kinds of events may be added: skip unknown ones.',
    types: [
      declarations('src/model/run-state/events.ts', ['Envelope', 'OfVariant', 'OfAttempt', 'RunEventBody']),
      declarations('src/model/attempt.ts', ['AttemptKind', 'AttemptVerdict', 'AgentFatal', 'Fatal', 'ProcessIdentity']),
      declarations('src/model/evidence/check.ts', ['CheckResult', 'CheckStatus', 'BaseFact', 'TestFacts', 'TestNames']),
      declarations('src/model/outcome.ts', ['Denial', 'HeldBack']),
    ],
  },
  {
    title: '`compare --json`',
    text: 'One line: `CompareJson`. Best first in `ranking`; equal ranks are ties.',
    types: [
      declarations('src/view/compare/compare-json.ts', ['CompareJson', 'ComparedJson', 'VoteJson', 'ChosenJson']),
      declarations('src/model/reports/evidence.ts', [
        'FileChange',
        'CheckEvidence',
        'MetricEvidence',
        'OverlapEvidence',
        'AgreementEvidence',
        'JudgeEvidence',
        'JudgeScore',
      ]),
    ],
  },
  {
    title: '`choose --json`',
    text: 'One line: `DecisionJson`, after the change.',
    types: [declarations('src/view/compare/decision-json.ts', ['DecisionJson'])],
  },
  {
    title: '`serve --json`',
    text: 'One line: `ServeJson`, once each server is ready or has failed. The command keeps running until it is stopped; with `--detach` it ends. A `state` is one of `starting`, `ready`, `restarting`, `failed`, `stopped`.',
    types: [declarations('src/view/serve/serve-json.ts', ['ServeJson', 'ServeVariantJson'])],
  },
  {
    title: '`prune --json`',
    text: 'One line: `PruneJson`. With `--dry-run` nothing is removed; otherwise `--yes` is required, because `--json` does not ask.',
    types: [declarations('src/view/landing/prune-json.ts', ['PruneJson', 'PruneItemJson'])],
  },
  {
    title: '`merge --json`',
    text: 'One line: `MergeJson`, also if a variant was not merged (see the exit code). With `--prune` a second line, as of `prune --json`.',
    types: [
      declarations('src/view/landing/merge-json.ts', ['MergeJson', 'MergeLandedJson', 'MergeRefusedJson', 'MergeCheckJson']),
      declarations('src/model/reports/merge-report.ts', ['MergeConflict']),
    ],
  },
  {
    title: '`undo --json`, `undo --list --json`',
    text: 'One line: `UndoReport` with `schema: 1`; the list is `{ schema: 1, operations: OperationRow[] }`, newest first. A merge, prune or undo on record is an operation, and its id is a ULID of 26 characters.',
    types: [
      declarations('src/model/reports/undo-report.ts', ['UndoReport', 'RestoredThing', 'OperationRow', 'TakenThing']),
      declarations('src/model/operation.ts', ['TrashStep']),
    ],
  },
  {
    title: '`logs --json`',
    text: 'One line for each entry of the transcript.',
    types: [declarations('src/model/reports/transcript-entry.ts', ['TranscriptEntry'])],
  },
  {
    title: '`config --json`',
    text: 'One line: `{ schema: 1, files: string[], settings: ReportedSetting[], variants: ReportedOverride[] }`.',
    types: [declarations('src/config/settings/settings-report.ts', ['ReportedSetting', 'ReportedOverride'])],
  },
  {
    title: '`trust --json`, `trust --list --json`',
    text: 'One line: `{ schema: 1, needed, hash, approved, items }` as in `TrustPlan`; the list is `{ schema: 1, approvals: Approval[] }`. Inside Claude Code `hash` is null.',
    types: [declarations('src/config/trust/trust-store.ts', ['Approval'])],
  },
  {
    title: '`doctor --json`',
    text: 'One line: `{ schema: 1, checks: DoctorCheck[] }`, without `exit`.',
    types: [declarations('src/survey/doctor-check.ts', ['DoctorCheck'])],
  },
  {
    title: 'Errors',
    text: 'With `--json` a command that fails prints one line `{ schema: 1, error: { code, what, why, hint, problems: Problem[] } }` on stdout besides the text on stderr. `code` is stable.',
    types: [declarations('src/model/errors.ts', ['Problem', 'Position'])],
  },
];

export function jsonText(): string {
  return SHAPES.map(({ title, text, types }) => `### ${title}\n\n${text}\n\n\`\`\`ts\n${types.join('\n\n')}\n\`\`\``).join(
    '\n\n',
  );
}
