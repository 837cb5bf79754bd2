import type { FolderUsers } from './folder-user.ts';
import { linuxUsers } from './linux-users.ts';
import { macosUsers } from './macos-users.ts';

/**
 * The processes that use each folder, in order; one look at all processes for all of them. This process too. Processes of other users
 * that cannot be examined are not seen.
 */
export const folderUsers: FolderUsers = (folders) => {
  if (folders.length === 0) return Promise.resolve([]);
  return process.platform === 'darwin' ? macosUsers(folders) : linuxUsers(folders);
};
