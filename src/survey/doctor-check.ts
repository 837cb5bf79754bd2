import { EXIT, type ExitCode } from '../model/exit-code.ts';

/** One thing that `doctor` checked. */
export interface DoctorCheck {
  readonly name: string;
  /** `warning`: works, but something is worth doing. */
  readonly state: 'ok' | 'warning' | 'failed';
  /** The finding, a short sentence or a value like `2.39.5`. */
  readonly found: string;
  /** What to do; ends with the command to run. null: nothing. */
  readonly fix: string | null;
  /** Exit code if it failed. */
  readonly exit: ExitCode;
}

/** Facts that need no attention. */
export function ok(name: string, found: string): DoctorCheck {
  return { name, state: 'ok', found, fix: null, exit: EXIT.ok };
}
