/** Something that a crash or a person left, found by looking. */
export interface Leftover {
  /** What stands there and why it should not, a sentence. */
  readonly found: string;
  /** What `doctor --fix` does about it, or what the person can do; ends with the command to type. */
  readonly fix: string;
  /** Mends it and says so, a sentence. null: a choice that is the person's. */
  readonly mend: (() => Promise<string>) | null;
}

/** What mends everything that doctor finds. */
export const BY_FIX = 'copse doctor --fix';
