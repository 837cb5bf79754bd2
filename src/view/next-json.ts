/** A command that fits, and what it does besides showing something. */
export interface NextJson {
  readonly command: string;
  readonly why: string;
  /** It starts agents. */
  readonly spends: boolean;
  /** It removes worktrees or branches. */
  readonly destroys: boolean;
}

/** With what its verb does besides showing something. */
export function nextJson(command: string, why: string): NextJson {
  const [, verb = ''] = command.split(' ');
  return { command, why, spends: ['run', 'retry', 'resume'].includes(verb), destroys: verb === 'prune' };
}
