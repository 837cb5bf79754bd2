import type { EffectiveOptions } from '../config/effective.ts';
import type { Problem } from '../model/errors.ts';
import { ISOLATIONS, type Isolation } from '../model/outcome.ts';
import type { VariantDeclaration, VariantsFile } from '../model/variants-file.ts';
import { allowsEveryCommand } from './tool-rules.ts';

export interface DecidedTools {
  readonly isolation: Isolation;
  readonly allowedTools: readonly string[];
  readonly disallowedTools: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** The loosest of them; `guarded` for none. */
export function loosest(isolations: readonly Isolation[]): Isolation {
  return isolations.reduce<Isolation>((a, b) => (looser(b, a) ? b : a), isolations[0] ?? 'guarded');
}

/**
 * What a variant may do. A flag decides; else the person's setting, which files of the repository only tighten. `extraTools`
 * are a flag's, in addition to those that the files allow. Denied tools add up, so that no file allows what another denies.
 */
export function decideIsolation(o: {
  readonly file: VariantsFile;
  readonly variant: VariantDeclaration;
  readonly effective: EffectiveOptions;
  readonly extraTools: readonly string[];
}): DecidedTools {
  const { file, variant, effective, extraTools } = o;
  const problems: Problem[] = [];
  const warnings: string[] = [];
  let isolation = effective.isolation.value;

  const wished = variant.isolation ?? file.defaults.isolation;
  if (wished !== undefined && looser(wished, isolation) && effective.isolation.source !== 'flag') {
    warnings.push(`Variant ${variant.name} asks for isolation ${wished}; only you can loosen it, so ${isolation} stays.`);
  }

  const { value: allowed, source } = effective.allowedTools;
  const byRepository = source === 'repository' || (file.path !== null && (source === 'variant' || source === 'defaults'));
  // In a sandbox every command is confined anyway (`autoAllowBashIfSandboxed`): a bare Bash adds nothing there.
  if (isolation === 'guarded') {
    const bare = byRepository ? allowed.find(allowsEveryCommand) : undefined;
    if (bare !== undefined) {
      problems.push({
        what: `Variant ${variant.name} has ${bare} in allowedTools, which allows every command: that is isolation bypass, and no file of the repository may choose it.`,
        fix: 'Name the commands, like Bash(npm test).\nOr choose it yourself: copse run --isolation bypass',
        variant: variant.name,
        path: source === 'variant' ? `variants.${variant.name}.allowedTools` : 'allowedTools',
      });
      isolation = 'bypass';
    } else if ([...allowed, ...extraTools].some(allowsEveryCommand)) {
      warnings.push(`allowedTools allows every command: variant ${variant.name} counts as bypass.`);
      isolation = 'bypass';
    }
  }

  return {
    isolation,
    allowedTools: unique([...allowed, ...extraTools]),
    disallowedTools: unique([...effective.disallowedTools.value, ...(file.defaults.disallowedTools ?? [])]),
    problems,
    warnings,
  };
}

function looser(a: Isolation, b: Isolation): boolean {
  return ISOLATIONS.indexOf(a) > ISOLATIONS.indexOf(b);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
