import { notUsedSetup } from '../agent/claude/not-used-setup.ts';
import { probeClaude } from '../agent/claude/probe.ts';
import { personCacheDirectory } from '../config/person-directories.ts';
import type { PlanFacts } from '../model/facts.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Environment } from '../system/environment.ts';

/** Which Claude Code there is, whether it can work, and what of the setup at `root` will not apply. */
export async function agentFacts(o: {
  readonly environment: Environment;
  readonly root: AbsolutePath;
}): Promise<Pick<PlanFacts, 'agent' | 'notUsed'>> {
  const [probe, notUsed] = await Promise.all([
    probeClaude(o.environment, { cacheDir: personCacheDirectory(o.environment) }),
    notUsedSetup(o.root, o.environment),
  ]);
  const { version, tooOld, loggedIn, missingFlags } = probe;
  return { agent: { version, tooOld, loggedIn, missingFlags }, notUsed };
}
