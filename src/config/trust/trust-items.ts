import { createHash } from 'node:crypto';
import type { PlannedServe, TrustItem } from '../../model/plan.ts';
import type { CopyRule, SourcedSettings } from '../../model/settings.ts';
import type { VariantOptions, VariantsFile } from '../../model/variants-file.ts';
import { BUILT_IN_SETTINGS } from '../settings/built-in-settings.ts';

/**
 * Everything the repository supplies that runs or grants something, as written in its files, unexpanded. Values of the
 * person (flags, own settings, a file made from flags) need no approval. `worktreeInclude`: the lines of the
 * repository's `.worktreeinclude`, if no `copy` overrides it.
 */
export function trustItems(
  file: VariantsFile,
  settings: SourcedSettings,
  o: { readonly worktreeInclude?: readonly string[] } = {},
): TrustItem[] {
  const ofFile = file.path !== null || file.lent === true;
  const items: TrustItem[] = [];
  const add = (kind: TrustItem['kind'], where: string, texts: readonly string[] | undefined): void => {
    for (const text of texts ?? []) items.push({ kind, where, text });
  };
  /** A top-level key of the file, else the repository's setting; a flag decides before both. */
  const addShared = (kind: 'setup' | 'copy', own: readonly CopyRule[] | undefined): void => {
    const setting = settings[kind];
    if (setting.source === 'flag') return;
    if (own !== undefined) add(kind, kind, ofFile ? own.map(ruleText) : []);
    else if (setting.source === 'repository') add(kind, `settings.${kind}`, (setting.value ?? []).map(ruleText));
    else if (kind === 'copy' && setting.value === null) add('copy', '.worktreeinclude', o.worktreeInclude);
  };
  addShared('copy', file.copy);
  addShared('setup', file.setup);
  // Folders that are deleted permanently with a worktree; the built-in ones are in any case.
  const beyond = (folders: readonly string[]): readonly string[] =>
    folders.filter((folder) => !BUILT_IN_SETTINGS.disposable.includes(folder.replace(/\/$/, '')));
  if (file.disposable !== undefined) add('disposable', 'disposable', ofFile ? beyond(file.disposable) : []);
  else if (settings.disposable.source === 'repository')
    add('disposable', 'settings.disposable', beyond(settings.disposable.value));
  if (ofFile) {
    for (const { name, run } of file.verify ?? []) add('verify', `verify.${name}`, [run]);
    for (const { name, run } of file.metrics ?? []) add('metrics', `metrics.${name}`, [run]);
    if (file.judge !== undefined) add('judge', 'judge', [canonical(file.judge)]);
    if (file.serve !== undefined) items.push(...serveItems(file.serve));
    add('teardown', 'teardown', file.teardown);
    items.push(...optionItems('defaults', file.defaults));
    for (const variant of file.variants) items.push(...optionItems(`variants.${variant.name}`, variant));
  }
  if (settings.allowedTools.source === 'repository') add('allowedTools', 'settings.allowedTools', settings.allowedTools.value);
  if (settings.env.source === 'repository') add('env', 'settings.env', settings.env.value);
  return items;
}

/** A path as it is shown for approval: that a link is followed out of the repository is what is granted. */
function ruleText(rule: CopyRule): string {
  if (typeof rule === 'string') return rule;
  return rule.how === 'follow'
    ? `${rule.path} (the targets of its symlinks, also outside the repository)`
    : `${rule.path} (optional)`;
}

/** The command, variables and requests of serving. */
export function serveItems(serve: PlannedServe): TrustItem[] {
  const { run, ready, env } = serve;
  return [
    { kind: 'serve', where: 'serve', text: run },
    ...(ready.kind === 'url' ? [{ kind: 'serve', where: 'serve.ready', text: ready.url } as const] : []),
    ...Object.entries(env).map(([name, value]) => ({ kind: 'serve', where: 'serve.env', text: `${name}=${value}` }) as const),
  ];
}

function optionItems(where: string, options: VariantOptions): TrustItem[] {
  const items: TrustItem[] = [];
  if (typeof options.runner === 'object')
    items.push({ kind: 'runner', where: `${where}.runner`, text: JSON.stringify(options.runner.command) });
  for (const text of options.allowedTools ?? []) items.push({ kind: 'allowedTools', where: `${where}.allowedTools`, text });
  for (const [name, server] of Object.entries(options.mcp ?? {}))
    items.push({ kind: 'mcp', where: `${where}.mcp.${name}`, text: canonical(server) });
  for (const name of options.env?.pass ?? []) items.push({ kind: 'env', where: `${where}.env`, text: name });
  for (const [name, value] of Object.entries(options.env?.set ?? {}))
    items.push({ kind: 'env', where: `${where}.env`, text: `${name}=${value}` });
  return items;
}

/** JSON with sorted keys: the same server written in another order is the same grant. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/**
 * Identifies an approval: sha256, hex, over the repository and the items in their order (the order in which commands run).
 * `commonDir`: the common directory's real path, so that another clone asks for itself.
 */
export function trustHash(commonDir: string, items: readonly TrustItem[]): string {
  const content = JSON.stringify(['copse-trust-1', commonDir, items.map(({ kind, where, text }) => [kind, where, text])]);
  return createHash('sha256').update(content).digest('hex');
}
