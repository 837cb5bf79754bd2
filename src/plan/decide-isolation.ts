import type { Problem } from '../model/errors.ts';
import { ISOLATIONS, type Isolation } from '../model/outcome.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantDeclaration, VariantOptions } from '../model/variants-file.ts';
import type { PlanFlags } from './plan-flags.ts';
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
 * What a variant may do. A flag decides; else the person's setting, which files of the repository may only tighten. Tools
 * allowed by variant or `defaults` take the place of the settings'; a flag's come on top; denied tools add up, so that no file
 * drops what another denied.
 */
export function decideIsolation(o: {
  readonly variant: VariantDeclaration;
  readonly defaults: VariantOptions;
  readonly settings: SourcedSettings;
  readonly flags: PlanFlags;
}): DecidedTools {
  const { variant, defaults, settings, flags } = o;
  const problems: Problem[] = [];
  const warnings: string[] = [];
  let isolation = chosenIsolation(o, problems);

  const declared = variant.allowedTools ?? defaults.allowedTools;
  const fromSettings = declared === undefined || settings.allowedTools.source === 'flag' ? settings.allowedTools.value : [];
  const own = [...fromSettings, ...(flags.allowedTools ?? [])];
  const fromRepository = [...(declared ?? []), ...(settings.allowedTools.source === 'repository' ? fromSettings : [])];

  // In a sandbox every command is confined anyway (`autoAllowBashIfSandboxed`): a bare Bash adds nothing there.
  if (isolation === 'guarded') {
    const bare = fromRepository.find(allowsEveryCommand);
    if (bare !== undefined) {
      problems.push({
        what: `Variant ${variant.name} has ${bare} in allowedTools, which allows every command: that is isolation bypass, and no file of the repository may choose it.`,
        fix: 'Name the commands, like Bash(npm test), or choose it yourself: copse run --isolation bypass',
        variant: variant.name,
        path: `variants.${variant.name}.allowedTools`,
      });
      isolation = 'bypass';
    } else if (own.some(allowsEveryCommand)) {
      warnings.push(`allowedTools allows every command: variant ${variant.name} counts as bypass.`);
      isolation = 'bypass';
    }
  }

  return {
    isolation,
    allowedTools: unique([...(declared ?? []), ...own]),
    disallowedTools: unique([
      ...settings.disallowedTools.value,
      ...(defaults.disallowedTools ?? []),
      ...(variant.disallowedTools ?? []),
    ]),
    problems,
    warnings,
  };
}

function chosenIsolation(
  o: {
    readonly variant: VariantDeclaration;
    readonly defaults: VariantOptions;
    readonly settings: SourcedSettings;
    readonly flags: PlanFlags;
  },
  problems: Problem[],
): Isolation {
  const { variant, defaults, settings, flags } = o;
  const setting = settings.isolation;
  if (flags.isolation !== undefined) return flags.isolation;
  if (setting.source === 'flag') return setting.value;
  // A repository's setting cannot be the person's choice of bypass.
  const limit: Isolation = setting.source === 'repository' && setting.value === 'bypass' ? 'guarded' : setting.value;
  const wished = variant.isolation ?? defaults.isolation ?? setting.value;
  if (!looser(wished, limit)) return wished;
  problems.push({
    what: `Variant ${variant.name} asks for isolation ${wished}; a file of the repository may only tighten ${limit}.`,
    fix: `Take it out of the file, or choose it yourself: copse run --isolation ${wished}`,
    variant: variant.name,
    path: variant.isolation === undefined ? 'defaults.isolation' : `variants.${variant.name}.isolation`,
  });
  return limit;
}

function looser(a: Isolation, b: Isolation): boolean {
  return ISOLATIONS.indexOf(a) > ISOLATIONS.indexOf(b);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
