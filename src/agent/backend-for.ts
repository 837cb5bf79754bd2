import { unreachable } from '../model/errors.ts';
import type { Runner } from '../model/plan.ts';
import type { AgentBackend } from './backend.ts';
import { claudeBackend } from './claude/claude-backend.ts';
import { commandBackend } from './command/command-backend.ts';

/** A new kind of agent gets one case here. */
export function backendFor(runner: Runner): AgentBackend {
  switch (runner.kind) {
    case 'claude':
      return claudeBackend;
    case 'command':
      return commandBackend;
    default:
      return unreachable(runner);
  }
}
