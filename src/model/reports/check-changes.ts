/** A line of what checks run or depend on that is in one plan and not in the other. */
export interface CheckChange {
  readonly kind: 'removed' | 'added';
  /** Key, e.g. `verify.test`. */
  readonly where: string;
  readonly text: string;
}

/** Checks that are not those of the run: where they come from. */
export interface ChecksFrom {
  /** The variants file, from the top of the checkout where it is inside. */
  readonly file: string;
  /** What is typed to take them again, e.g. `--checks`. */
  readonly words: readonly string[];
}
