/**
 * Separate names for strings that must not be mixed up. A flavour, not a brand: a plain string is accepted if one
 * is read from outside, but a `RunId` in place of a `VariantName` is a type error.
 */
declare const flavour: unique symbol;
type Flavour<T, Name extends string> = T & { readonly [flavour]?: Name };

/** Id of a run: the `name` of the variants file, then `name-2`, `name-3` … */
export type RunId = Flavour<string, 'RunId'>;
/** Slug of a variant, `[a-z0-9][a-z0-9-]{0,63}`. */
export type VariantName = Flavour<string, 'VariantName'>;
/** Full object id of a commit, lower-case hex. */
export type CommitId = Flavour<string, 'CommitId'>;
/** Full object id of a tree, lower-case hex. */
export type TreeId = Flavour<string, 'TreeId'>;
/** Short branch name, without `refs/heads/`. */
export type BranchName = Flavour<string, 'BranchName'>;
/** Full ref name, `refs/…`. */
export type RefName = Flavour<string, 'RefName'>;
/** Absolute, normalised path. */
export type AbsolutePath = Flavour<string, 'AbsolutePath'>;
/** Claude Code's conversation id, a UUID chosen by us. */
export type SessionId = Flavour<string, 'SessionId'>;
/** ISO 8601 instant, UTC. */
export type Instant = Flavour<string, 'Instant'>;
