/**
 * Hooks, filters, attributes and other settings in the shared git directory run programs, and every agent's check can write there. They
 * count as they were before the first agent, or as the person changed them since: a change that is found when no agent has worked since
 * the last look is the person's. One that is found afterwards is an agent's until the person says otherwise (`copse trust --git`): it is
 * named, and does not run.
 *
 *   no record ─▶ recorded ◀──────── the person changed it, or accepted it
 *               (before the          │
 *                first agent)  ─▶ agents at work ─▶ as before: recorded
 *                                                └▶ different: planted, until accepted or put back
 *
 * The record is in the person's state folder, which no clone brings along. Where there is none (no home directory) nothing is known.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { withLock } from '../../store/lock.ts';
import type { Environment } from '../../system/environment.ts';
import { makePrivateDirectory, readTextIfExists, replaceFile } from '../../system/files.ts';
import { personStateDirectory } from '../../system/person-directories.ts';
import { callingAgent, personEnvironment } from '../../system/processes/agent-caller.ts';
import { isRunning } from '../../system/processes/process-identity.ts';
import { overridesEnvironment, pinAttributes, switchOff } from '../spawn/switched-off.ts';
import { type Difference, differences, overridesFor } from './differences.ts';
import { type GitFacts, type GuardedPlace, readFacts, stillHolds } from './git-facts.ts';

const texts = z.record(z.string(), z.string());
const FACTS = z.object({
  files: z.record(z.string(), z.nullable(z.string())),
  programs: z.record(z.string(), z.array(z.string())),
  hooksFolder: z.string(),
  hooks: texts,
  hooksTracked: z.boolean(),
  attributes: z.nullable(z.string()),
});
const RECORD = z.object({
  schema: z.literal(1),
  commonDir: z.string(),
  /** When the first agent came. */
  since: z.string(),
  first: FACTS,
  /** What counts. */
  accepted: FACTS,
  /** Who works, or has worked and left something changed: ids of runs, processes that run checks. */
  busy: z.array(z.string()),
});
interface GuardRecord extends Omit<z.infer<typeof RECORD>, 'first' | 'accepted'> {
  readonly first: GitFacts;
  readonly accepted: GitFacts;
}

/** What an agent planted, as this process last saw it. */
let planted: readonly Difference[] = [];
export const plantedNow = (): readonly Difference[] => planted;

/**
 * For a program of the person's, which may start git itself: git works there as before what an agent planted. git has no setting that leaves
 * out a single hook, so a planted one leaves out all.
 */
export function guardedEnvironment(): Environment {
  const hooks = planted.some(({ kind, change }) => kind === 'hook' && change !== 'removed');
  return overridesEnvironment(hooks ? [['core.hooksPath', '/dev/null']] : []);
}

/** Looks, and has every git of this process work as before what agents planted. Without a change it costs no git process. */
export async function guardGit(place: GuardedPlace): Promise<readonly Difference[]> {
  const file = recordFile(place);
  const record = file === null ? null : await read(file, place);
  if (file === null || record === null) return hold(place, null, []);
  if (stillHolds(place, record.accepted)) {
    // A command that was killed while checks ran has left nothing behind.
    const gone = await deadProcesses(record.busy);
    if (gone.length > 0)
      await change(file, place, (latest) => ({ ...latest, busy: latest.busy.filter((id) => !gone.includes(id)) }));
    return hold(place, record, []);
  }
  const now = await readFacts(place);
  const found = differences(place, record.accepted, now);
  const isPersons = record.busy.length === 0 && callingAgent() === null;
  if (!isPersons) return hold(place, record, found);
  await change(file, place, (latest) => (latest.busy.length === 0 ? { ...latest, accepted: now } : latest));
  return hold(place, record, []);
}

/** Before agents, or checks that run what agents wrote, begin; to be followed by {@link agentsEnded} with the same id. */
export async function agentsBegin(place: GuardedPlace, id: string, at: Date): Promise<void> {
  const file = recordFile(place);
  if (file === null) return;
  await guardGit(place);
  await makePrivateDirectory(join(file, '..'));
  const facts = (await read(file, place)) === null ? await readFacts(place) : null;
  await change(
    file,
    place,
    (latest) => ({ ...latest, busy: [...new Set([...latest.busy, id])] }),
    facts === null
      ? null
      : { schema: 1, commonDir: place.commonDir, since: at.toISOString(), first: facts, accepted: facts, busy: [] },
  );
  // For as long as this process makes worktrees, whatever is written meanwhile.
  const record = await read(file, place);
  if (record !== null) pinAttributes({ text: record.accepted.attributes });
}

/** Where all is as it was, what changes from now on is the person's. */
export async function agentsEnded(place: GuardedPlace, id: string): Promise<void> {
  const file = recordFile(place);
  const record = file === null ? null : await read(file, place);
  if (file === null || record === null) return;
  const same = stillHolds(place, record.accepted) || differences(place, record.accepted, await readFacts(place)).length === 0;
  if (same) await change(file, place, (latest) => ({ ...latest, busy: latest.busy.filter((one) => one !== id) }));
}

/** What `copse doctor` and `copse trust --git` show: what is not used, and what differs from before the first agent besides. */
export async function auditGit(place: GuardedPlace): Promise<{
  readonly since: string;
  readonly planted: readonly Difference[];
  readonly others: readonly Difference[];
} | null> {
  const file = recordFile(place);
  const record = file === null ? null : await read(file, place);
  if (record === null) return null;
  const now = await readFacts(place);
  const found = record.busy.length === 0 ? [] : differences(place, record.accepted, now);
  const others = differences(place, record.first, now).filter(
    ({ kind, name }) => !found.some((one) => one.kind === kind && one.name === name),
  );
  return { since: record.since, planted: found, others };
}

/** The person takes what is there for theirs. `living`: runs that still work. */
export async function acceptGit(place: GuardedPlace, living: readonly string[]): Promise<void> {
  const file = recordFile(place);
  if (file === null) return;
  const now = await readFacts(place);
  await change(file, place, (latest) => ({
    ...latest,
    accepted: now,
    busy: latest.busy.filter((id) => living.includes(id)),
  }));
  hold(place, null, []);
}

/** sha256, hex, of what would be accepted. */
export function auditHash({ commonDir }: GuardedPlace, found: readonly Difference[], facts: GitFacts): string {
  const content = JSON.stringify(['copse-git-1', commonDir, found, facts]);
  return createHash('sha256').update(content).digest('hex');
}

function hold(place: GuardedPlace, record: GuardRecord | null, found: readonly Difference[]): readonly Difference[] {
  planted = found;
  switchOff(record === null ? [] : overridesFor(place, record.accepted, found));
  if (record !== null && found.some(({ kind }) => kind === 'attributes')) pinAttributes({ text: record.accepted.attributes });
  return found;
}

async function deadProcesses(busy: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    busy.map(async (id) => {
      const [, pid, bootId, startTime] = /^process (\d+) (\S+) (.+)$/.exec(id) ?? [];
      if (pid === undefined || bootId === undefined || startTime === undefined) return [];
      return (await isRunning({ pid: Number(pid), bootId, startTime })) ? [] : [id];
    }),
  );
  return found.flat();
}

function recordFile({ commonDir }: GuardedPlace): string | null {
  const state = personStateDirectory(personEnvironment());
  const name = createHash('sha256').update(commonDir).digest('hex').slice(0, 32);
  return state === null ? null : join(state, 'git', `${name}.json`);
}

/** null: nothing is recorded, or not readable; then the next run records it. */
async function read(file: string, { commonDir }: GuardedPlace): Promise<GuardRecord | null> {
  const text = await readTextIfExists(file);
  if (text === null) return null;
  try {
    const parsed = z.safeParse(RECORD, JSON.parse(text));
    return parsed.success && parsed.data.commonDir === commonDir ? parsed.data : null;
  } catch {
    return null; // Cut off by a full disk.
  }
}

async function change(
  file: string,
  place: GuardedPlace,
  to: (latest: GuardRecord) => GuardRecord,
  first: GuardRecord | null = null,
): Promise<void> {
  await withLock(`${file}.lock`, { purpose: 'the record of git settings' }, async () => {
    const latest = (await read(file, place)) ?? first;
    if (latest !== null) await replaceFile(file, `${JSON.stringify(to(latest))}\n`);
  });
}
