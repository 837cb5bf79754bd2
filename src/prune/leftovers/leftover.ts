/** Something that a crash or a person left, found by looking. */
export interface Leftover {
  /** What is there and why it should not be, a sentence. */
  readonly found: string;
  /** What `doctor --fix` does about it, or what the person can do; ends with the command to type. */
  readonly fix: string;
  /** Repairs it and reports that, a sentence. null: the user has to decide. */
  readonly mend: (() => Promise<string>) | null;
}

/** The command that repairs everything that doctor finds. */
export const BY_FIX = 'copse doctor --fix';
