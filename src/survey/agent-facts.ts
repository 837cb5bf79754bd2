import { probeClaude } from '../agent/claude/installed/probe-claude.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import type { Environment } from '../system/environment.ts';
import { personCacheDirectory } from '../system/person-directories.ts';

/** Which Claude Code there is, and whether it can work. Up to three processes one after the other, 0.2 s each. */
export async function agentFacts(environment: Environment): Promise<PlanFacts['agent']> {
  const { file, version, tooOld, loggedIn, missingFlags } = await probeClaude(environment, {
    cacheDir: personCacheDirectory(environment),
  });
  return { file, version, tooOld, loggedIn, missingFlags };
}
