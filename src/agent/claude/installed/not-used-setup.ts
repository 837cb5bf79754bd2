import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../../system/environment.ts';
import { isErrno } from '../../../system/files.ts';
import { count } from '../../../text/amounts.ts';
import { some } from '../../../text/lists.ts';
import { shortLine } from '../../../text/plain-text.ts';
import { isObject, type JsonObject, listOf, objectsOf, parseObject, textOf } from '../json.ts';
import { claudeConfigDirectory, claudeStateFile } from './config-directory.ts';
import { readInside, readOwn } from './read-inside.ts';

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_NAMES = 5;

/**
 * What of the repository's and the person's Claude setup does not apply in an attempt, a line each:
 * `.claude/settings.json (3 hooks)`, `.mcp.json (playwright)`. Login, provider and CLAUDE.md do apply and are not listed. `root`
 * null: a bare repository, which has no such files.
 */
export async function notUsedSetup(root: string | null, environment: Environment): Promise<string[]> {
  const config = claudeConfigDirectory(environment);
  const shown = textOf(environment['CLAUDE_CONFIG_DIR']) === null ? '~/.claude' : config;
  const inside = async (path: string): Promise<string | null> =>
    root === null ? null : await readInside(root, join(root, path), MAX_BYTES);
  const state = parseObject((await readOwn(claudeStateFile(environment), MAX_BYTES)) ?? '') ?? {};
  const projects = isObject(state['projects']) ? state['projects'] : {};
  const project = root !== null && isObject(projects[root]) ? projects[root] : {};
  const found = [
    settingsLine('.claude/settings.json', await inside('.claude/settings.json')),
    settingsLine('.claude/settings.local.json', await inside('.claude/settings.local.json')),
    serversLine('.mcp.json', parseObject((await inside('.mcp.json')) ?? '')),
    root === null ? null : await folderLine(root, '.claude/skills'),
    root === null ? null : await folderLine(root, '.claude/commands'),
    settingsLine(`${shown}/settings.json`, await readOwn(join(config, 'settings.json'), MAX_BYTES)),
    serversLine('your own MCP servers', state),
    serversLine('your MCP servers for this project', project),
    await folderLine(config, 'skills', `${shown}/skills`),
    await folderLine(config, 'commands', `${shown}/commands`),
  ];
  return found.flatMap((line) => line ?? []);
}

function settingsLine(name: string, text: string | null): string | null {
  const settings = text === null ? null : parseObject(text);
  if (settings === null) return null;
  const parts = [
    counted(hooksIn(settings['hooks']), 'hook'),
    counted(rulesIn(settings['permissions']), 'permission rule'),
    counted(pluginsIn(settings['enabledPlugins']), 'plugin'),
    isObject(settings['sandbox']) ? 'sandbox' : null,
    textOf(settings['model']) === null ? null : `model ${shortLine(textOf(settings['model']) ?? '', 60)}`,
    textOf(settings['outputStyle']) === null ? null : 'output style',
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `${name} (${parts.join(', ')})`;
}

function hooksIn(value: unknown): number {
  if (!isObject(value)) return 0;
  const groups = Object.values(value).flatMap((event) => objectsOf(event));
  return groups.reduce((sum, group) => sum + listOf(group['hooks']).length, 0);
}

function rulesIn(value: unknown): number {
  if (!isObject(value)) return 0;
  return ['allow', 'ask', 'deny'].reduce((sum, key) => sum + listOf(value[key]).length, 0);
}

function pluginsIn(value: unknown): number {
  return isObject(value) ? Object.values(value).filter((on) => on === true).length : 0;
}

function serversLine(name: string, file: JsonObject | null): string | null {
  const servers = file?.['mcpServers'];
  if (!isObject(servers)) return null;
  return named(name, Object.keys(servers));
}

async function folderLine(base: string, folder: string, shown = folder): Promise<string | null> {
  try {
    const names = (await readdir(join(base, folder))).filter((entry) => !entry.startsWith('.'));
    return named(
      shown,
      names.map((entry) => entry.replace(/\.md$/, '')),
    );
  } catch (error) {
    // None there, or not ours to read: then Claude Code would not have used it either.
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return null;
    throw error;
  }
}

function named(what: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  return `${what} (${some(
    names.map((name) => shortLine(name, 40)),
    MAX_NAMES + 1,
  )})`;
}

function counted(n: number, noun: string): string | null {
  return n === 0 ? null : count(n, noun);
}
