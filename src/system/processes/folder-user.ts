/** A process that uses a folder: by its working directory, an open file, its program, or a marker of copse. */
export interface FolderUser {
  readonly pid: number;
  readonly name: string;
  /** The path that gave it away, or the marker. */
  readonly by: string;
  /** The whole value of the marker by which it belongs there; null: it has none. */
  readonly marker: string | null;
}

export interface WatchedFolder {
  /** Real path. */
  readonly path: string;
  /** Values of the marker variable begin with one of these for processes that belong there, wherever they work. */
  readonly markers: readonly string[];
}

/** How an operating system finds the users of folders. */
export type FolderUsers = (folders: readonly WatchedFolder[]) => Promise<readonly (readonly FolderUser[])[]>;

/** Which folder a path is in, or its place among them; -1: none. `path`: as the kernel shows it. */
export function folderOf(folders: readonly WatchedFolder[], path: string): number {
  return folders.findIndex((folder) => path === folder.path || path.startsWith(`${folder.path}/`));
}
