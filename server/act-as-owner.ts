/** Drops the rights of root for those of the account that owns a directory. */

import { stat } from 'node:fs/promises';

/** For good, for the whole process. Without the rights of root nothing happens: who may write there can. */
export async function actAsOwnerOf(directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}
