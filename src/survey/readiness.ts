import { gitIn } from '../git/spawn/git-in.ts';
import { CopseError } from '../model/errors.ts';
import type { Environment } from '../system/environment.ts';
import { exists } from '../system/files.ts';
import { agentFacts } from './agent-facts.ts';

/** Facts that users need before the first run. */
export interface Readiness {
  /** Versions; null: missing. */
  readonly git: string | null;
  readonly claude: string | null;
  /** null: cannot be found out for free. */
  readonly loggedIn: boolean | null;
  readonly hasVariantsFile: boolean;
}

/** Asks git and the agent for their versions, side by side; nothing is written but the probe's cache. */
export async function readiness(o: {
  readonly environment: Environment;
  readonly variantsFile: string | null;
}): Promise<Readiness> {
  const [git, agent, hasVariantsFile] = await Promise.all([
    gitVersion(),
    agentFacts(o.environment),
    o.variantsFile === null ? false : exists(o.variantsFile),
  ]);
  return { git, claude: agent.version, loggedIn: agent.loggedIn, hasVariantsFile };
}

async function gitVersion(): Promise<string | null> {
  try {
    const { text } = await gitIn('/', { reads: true }).run(['version']);
    return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? text;
  } catch (error) {
    // No git is what this screen is there to say.
    if (error instanceof CopseError) return null;
    throw error;
  }
}
