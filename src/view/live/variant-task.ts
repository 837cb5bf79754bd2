import { getRendererClass, type ListrTask, ListrTaskState, type ListrTaskWrapper } from 'listr2';
import { unreachable } from '../../model/errors.ts';
import { blocks } from '../../model/evidence/check.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import type { FrameRenderer } from './frame-renderer.ts';
import { workState } from './work-mark.ts';

type Renderer = typeof FrameRenderer;
type Wrapper = ListrTaskWrapper<void, Renderer, Renderer>;

interface Step {
  readonly title: string;
  /** Of a variant that is past this step: whether the step took place. */
  readonly begun: (variant: VariantState) => boolean;
  /** Of a variant that is past this step, if it took place. */
  readonly failed: (variant: VariantState) => boolean;
}

const STEPS: readonly Step[] = [
  {
    title: 'prepare',
    begun: () => true,
    failed: ({ phase, attempts }) => phase.kind === 'finished' && attempts.length === 0,
  },
  {
    title: 'agent',
    begun: ({ attempts }) => attempts.length > 0,
    failed: ({ attempts }) => !['succeeded', 'no-changes'].includes(attempts.at(-1)?.verdict?.outcome ?? 'lost'),
  },
  { title: 'commit', begun: ({ commit }) => commit !== null, failed: () => false },
  { title: 'checks', begun: ({ checks }) => checks.length > 0, failed: ({ checks }) => checks.some(blocks) },
];

/** Place in `STEPS`: -1 before the first, `STEPS.length` after the last. */
function placeOf({ phase }: VariantState): number {
  switch (phase.kind) {
    case 'queued':
      return -1;
    case 'preparing':
      return 0;
    case 'running':
    case 'retrying':
      return 1;
    case 'committing':
      return 2;
    case 'verifying':
      return 3;
    case 'finished':
      return STEPS.length;
    default:
      return unreachable(phase);
  }
}

/**
 * One variant as a listr2 task, its steps as subtasks. The work is done in the supervisor: a step ends when the log shows that the
 * variant is past it.
 *
 * ```
 * WAITING ─▶ STARTED: prepare ─▶ agent ─▶ commit ─▶ checks ─▶ COMPLETED, FAILED, SKIPPED, CANCELLED, PAUSED
 *    ▲                                                                          │
 *    └───────────────────────────────── a retry ────────────────────────────────┘
 * ```
 * Its promise stays open until the view closes, because a retry may reopen a variant that had finished.
 */
export class VariantTask {
  #variant: VariantState;
  #activity = '';
  #task: Wrapper | null = null;
  /** The step that is under way. */
  #step: Wrapper | null = null;
  /** How often the variant went back to an earlier step. */
  #round = 0;
  #closed = false;
  #waiting: (() => void)[] = [];

  constructor(variant: VariantState) {
    this.#variant = variant;
  }

  /** The task that listr2 runs. */
  definition(): ListrTask<void, Renderer, Renderer> {
    return {
      title: this.#variant.name,
      task: (_, task) => this.#run(task),
    };
  }

  /** `activity`: its current activity, in one line. */
  update(variant: VariantState, activity: string): void {
    if (placeOf(variant) < placeOf(this.#variant)) this.#round += 1;
    this.#variant = variant;
    this.#activity = activity;
    this.#show();
    this.#wake();
  }

  /** Lets listr2 finish. The states of the task and its steps mean nothing from now on. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async #run(task: Wrapper): Promise<void> {
    this.#task = task;
    this.#show();
    while (!this.#closed) {
      await this.#until(() => placeOf(this.#variant) >= 0);
      const round = this.#round;
      const steps = task.newListr(
        STEPS.map((step, place) => this.#stepTask(step, place, round)),
        { concurrent: false, exitOnError: false },
      );
      // As listr2 handles a list that a task returns; this task has one list after the other.
      steps.rendererClass = getRendererClass('silent');
      task.task.subtasks = steps.tasks;
      await steps.run();
      this.#show();
      await this.#until(() => this.#round !== round);
    }
  }

  #stepTask(step: Step, place: number, round: number): ListrTask<void, Renderer, Renderer> {
    const isPast = (): boolean => this.#round !== round || placeOf(this.#variant) > place;
    return {
      title: step.title,
      skip: () => isPast() && !step.begun(this.#variant),
      task: async (_, wrapper): Promise<void> => {
        this.#step = wrapper;
        this.#show();
        await this.#until(isPast);
        this.#step = null;
        if (step.failed(this.#variant)) throw new Error(this.#activity);
      },
    };
  }

  /** Puts the variant's state and activity where the renderer reads them. */
  #show(): void {
    const task = this.#task?.task;
    if (task === undefined) return;
    const shown = this.#step ?? this.#task;
    if (shown !== null && shown.output !== this.#activity) shown.task.output$ = this.#activity;
    // A failed task fails the step that is under way: first each step ends in its own way.
    const state = ListrTaskState[workState(this.#variant)];
    if (task.state !== state && (this.#step === null || this.#variant.phase.kind !== 'finished')) task.state$ = state;
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!this.#closed && !holds()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
