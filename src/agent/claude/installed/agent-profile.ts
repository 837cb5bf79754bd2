import { join } from 'node:path';
import { parse } from 'yaml';
import { CopseError } from '../../../model/errors.ts';
import { EXIT } from '../../../model/exit-code.ts';
import type { Environment } from '../../../system/environment.ts';
import { isObject, type JsonObject } from '../json.ts';
import { claudeConfigDirectory } from './config-directory.ts';
import { readInside, readOwn } from './read-inside.ts';

const MAX_BYTES = 256 * 1024;
/** Profiles that come with Claude Code need no definition. */
const BUILT_IN = new Set(['claude', 'Explore', 'general-purpose', 'Plan', 'statusline-setup']);

/**
 * Definition of an agent profile for `--agents`: `--restricted` hides `.claude/agents` of repository and person (measured on
 * 2.1.329). Only what shapes the agent is handed over; hooks, MCP servers and a permission mode of its own are not. Null for a
 * profile built into Claude Code.
 */
export async function agentProfile(
  name: string,
  o: { readonly worktree: string; readonly environment: Environment },
): Promise<JsonObject | null> {
  if (BUILT_IN.has(name)) return null;
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(name)) throw missing(name);
  const file = `${name}.md`;
  const text =
    (await readInside(o.worktree, join(o.worktree, '.claude/agents', file), MAX_BYTES)) ??
    (await readOwn(join(claudeConfigDirectory(o.environment), 'agents', file), MAX_BYTES));
  if (text === null) throw missing(name);
  return { [name]: definitionOf(name, text) };
}

function definitionOf(name: string, text: string): JsonObject {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/.exec(text);
  const head = frontMatter(match?.[1] ?? '');
  const tools = namesOf(head['tools']);
  const disallowedTools = namesOf(head['disallowedTools']);
  const model = head['model'];
  return {
    description: typeof head['description'] === 'string' ? head['description'] : name,
    prompt: (match?.[2] ?? text).trim(),
    ...(tools === null ? {} : { tools }),
    ...(disallowedTools === null ? {} : { disallowedTools }),
    ...(typeof model === 'string' && model !== 'inherit' ? { model } : {}),
  };
}

function frontMatter(text: string): JsonObject {
  try {
    const head: unknown = parse(text);
    return isObject(head) ? head : {};
  } catch {
    // Claude Code reads descriptions with a colon in them, which is not YAML: take the lines one by one.
    const pairs = text.split(/\r?\n/).flatMap((line) => {
      const pair = /^([A-Za-z]+):\s*(.+)$/.exec(line);
      return pair?.[1] === undefined || pair[2] === undefined ? [] : [[pair[1], pair[2].trim()] as const];
    });
    return Object.fromEntries(pairs);
  }
}

/** A list, or names with commas between them. */
function namesOf(value: unknown): readonly string[] | null {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  if (typeof value !== 'string') return null;
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function missing(name: string): CopseError {
  return new CopseError({
    code: 'agent-profile-missing',
    exit: EXIT.usage,
    what: `There is no agent profile ${name}.`,
    why: `Neither the repository nor your Claude Code configuration has agents/${name}.md.`,
    hint: `Write .claude/agents/${name}.md and commit it, or remove agent: from the variants file.`,
  });
}
