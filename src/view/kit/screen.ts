/** The screen that a text is drawn for. Sizes in cells; without a terminal the caller chooses `columns`. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Absent: it is none. */
  readonly terminal?: boolean;
  /** An agent reads it: commands that only a person may type are left out. */
  readonly agent?: boolean;
  /** Offset of shown clock times from UTC; absent: the machine's own. */
  readonly utcOffsetMinutes?: number;
}
