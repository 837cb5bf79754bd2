import type { FolderUsers } from './folder-user.ts';
import { linuxUsers } from './linux-users.ts';
import { macosUsers } from './macos-users.ts';

/**
 * Who uses each of the folders, in their order; one look at all processes for all of them. Ourselves too. Processes of other people
 * that we may not look at are not seen.
 */
export const folderUsers: FolderUsers = (folders) => {
  if (folders.length === 0) return Promise.resolve([]);
  return process.platform === 'darwin' ? macosUsers(folders) : linuxUsers(folders);
};
