/** Folder at the top of each worktree of copse for what tools keep of their results. It ignores itself. */
export const CACHE_FOLDER = '.copse-cache';
