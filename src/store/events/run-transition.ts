import type { RunEvent } from '../../model/run-state/events.ts';
import type { RunPhase } from '../../model/run-state/state.ts';

/**
 * The run's own phase after an event:
 * ```
 * created ─▶ running ◀─▶ paused
 *               │          │
 *               ├─▶ stopping ─▶ finished ─▶ running (adopted, or a variant requeued)
 *               └──────────────────▲
 * ```
 * An adopter continues in the phase that it finds, except that a created or finished run is running again.
 * Throws a plain Error (a bug) for a pair of phase and event that cannot be.
 */
export function runTransition(phase: RunPhase, event: RunEvent): RunPhase {
  const only = (...kinds: readonly RunPhase['kind'][]): void => {
    if (!kinds.includes(phase.kind)) {
      throw new Error(`event ${event.seq} ${event.type} cannot come while a run is ${phase.kind}`);
    }
  };
  switch (event.type) {
    case 'run.created':
      throw new Error(`event ${event.seq} run.created comes a second time`);
    case 'run.started':
      only('created');
      return { kind: 'running' };
    case 'run.paused':
      only('running', 'paused');
      return { kind: 'paused', reason: event.reason, until: event.until };
    case 'run.resumed':
      only('running', 'paused');
      return { kind: 'running' };
    case 'run.stopping':
      only('created', 'running', 'paused', 'stopping');
      return { kind: 'stopping', reason: event.reason, fatal: event.fatal };
    case 'run.finished':
      only('created', 'running', 'paused', 'stopping');
      return { kind: 'finished', ending: event.ending, fatal: event.fatal, reason: event.reason, at: event.at };
    case 'run.adopted':
      return phase.kind === 'created' || phase.kind === 'finished' ? { kind: 'running' } : phase;
    case 'variant.requeued':
      only('running', 'paused', 'stopping', 'finished');
      return phase.kind === 'finished' ? { kind: 'running' } : phase;
    default:
      return phase;
  }
}
