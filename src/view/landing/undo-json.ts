import type { OperationRow, UndoReport } from '../../model/reports/undo-report.ts';

/** The answer of `undo --json`. Every key is always there; unknown values are null. */
export interface UndoJson extends UndoReport {
  readonly schema: 1;
}

/** The answer of `undo --list --json`, newest first. */
export interface UndoListJson {
  readonly schema: 1;
  readonly operations: readonly OperationRow[];
}

/** For `copse undo --json`. */
export function undoJson(report: UndoReport): UndoJson {
  return { schema: 1, ...report };
}

/** For `copse undo --list --json`. */
export function undoListJson(operations: readonly OperationRow[]): UndoListJson {
  return { schema: 1, operations };
}
