/**
 * Bundled in place of two YAML libraries (`build.ts`) that only come along: tap-parser's, which the diagnostics never reach (see
 * parse-tap.ts), and cosmiconfig's, whose loaders are all replaced (see find-worktreerc.ts). copse reads YAML with `yaml`.
 */
const noYaml = {
  parse: (): null => null,
  stringify: (): string => '',
};

export default noYaml;

/** As js-yaml names it: a file that says nothing. */
export const load = (): null => null;
