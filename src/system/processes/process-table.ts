/** The kernel's facts about one process, at one moment. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly startTime: string;
  /** Ended, but not yet collected by its parent. */
  readonly zombie: boolean;
}

/** How one operating system answers questions about processes. */
export interface ProcessTable {
  /** Null: no such process. */
  entry(pid: number): Promise<ProcessEntry | null>;
  all(): Promise<ProcessEntry[]>;
  /** Pids with this exact `NAME=value` in the environment they were started with. */
  withVariable(assignment: string): Promise<number[]>;
  /** Pids whose working directory is `dir` (a real path) or below. */
  workingIn(dir: string): Promise<number[]>;
  /** Whether this is a service manager, which becomes the parent of processes whose own has ended. */
  reaps(pid: number): Promise<boolean>;
  /** When a process with this `startTime` began, ms since 1970; null: unknown. */
  startedAt(startTime: string): Promise<number | null>;
  /** Changes with each boot, and only then. */
  bootId(): Promise<string>;
  /** Pids mean something only within this. */
  pidNamespace(): Promise<string>;
  /** Stays over boots and differs between machines; empty if the system has none. */
  machineId(): Promise<string>;
}
