import { unreachable } from '../../src/model/errors.ts';
import type { MachineFacts } from './machine.ts';
import { isReached, type Measured, type Measurement, ratioOf, type Unit } from './measurement.ts';

export interface MeasuredWhere extends MachineFacts {
  readonly measuredAt: string;
  readonly seconds: number;
}

const HEAD = ['what', 'floor', 'ours', 'ratio', 'target', 'reached'] as const;

/** For the terminal, in columns. */
export function asTable(measurements: readonly Measurement[]): string {
  const rows = [HEAD, ...measurements.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** For the repository: read on its page, and quoted by documents. */
export function asMarkdown(measurements: readonly Measurement[], about: MeasuredWhere): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [
    '# The last benchmark',
    '',
    `Written by \`npm run bench\` on ${about.measuredAt.slice(0, 10)}: ${about.system}, ${about.cores} cores, Node ${about.node}, git ${about.git}; load ${about.load} before it began.`,
    'Each figure is a median; a floor is measured in the same rounds as what stands against it.',
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...measurements.map((one) => line(cells(one))),
    '',
  ].join('\n');
}

function cells(one: Measurement): readonly string[] {
  if (!('ours' in one)) return [one.what, '', '', '', '', `skipped: ${one.skipped}`];
  const ratio = ratioOf(one);
  return [
    one.what,
    one.floor === null ? '' : `${amount(one.floor.value, one.unit)} (${one.floor.name})`,
    amount(one.ours, one.unit),
    ratio === null ? '' : `${ratio.toFixed(2)} ×`,
    targetText(one),
    isReached(one) ? 'yes' : 'no',
  ];
}

function targetText({ target, unit }: Measured): string {
  switch (target.kind) {
    case 'times-floor':
      return `≤ ${target.atMost} ×`;
    case 'above-floor':
      return `≤ floor + ${amount(target.atMost, unit)}`;
    case 'at-most':
      return `≤ ${amount(target.value, unit)}`;
    case 'at-least':
      return `≥ ${amount(target.value, unit)}`;
    default:
      return unreachable(target);
  }
}

function amount(value: number, unit: Unit): string {
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0;
  const number = value.toFixed(digits);
  return `${number} ${unit}`;
}
