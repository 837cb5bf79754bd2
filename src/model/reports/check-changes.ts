/** A line of what checks run or depend on that is in one plan and not in the other. */
export interface CheckChange {
  readonly kind: 'removed' | 'added';
  /** Key, e.g. `verify.test`. */
  readonly where: string;
  readonly text: string;
}

/** The source of checks that are not the run's. */
export interface ChecksFrom {
  /** The variants file, from the top of the checkout if it is inside. */
  readonly file: string;
  /** The options that select them again, e.g. `--checks`. */
  readonly words: readonly string[];
}
