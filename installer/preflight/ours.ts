/** isOfOurs: whether an earlier run of the installer made something. */

import type { InstallRecord } from '../changes/record.ts';

/** Whether an earlier run made what is at `path`, or made it ours. */
export function isOfOurs(record: InstallRecord | null, path: string): boolean {
  return (record?.changes ?? []).some(
    (change) =>
      (change.type === 'owner' && change.path === path) ||
      (change.type === 'directory' &&
        (change.path === path || (change.tree && path.startsWith(`${change.path}/`)))),
  );
}
