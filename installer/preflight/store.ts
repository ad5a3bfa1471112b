/** A store that this version's server would refuse, because a newer one has migrated it. */

import { DAEMON_UNIT, STORE_DIRECTORY } from '../machine/names.ts';
import type { System } from '../machine/system.ts';
import { copyOf, readStoreState } from '../tools/server-store.ts';
import { type Obstacle, obstacle } from './obstacle.ts';

/** Says the way back: the copy that the migration kept. */
export async function newerStoreObstacles(
  system: System,
  sourceDirectory: string,
): Promise<Obstacle[]> {
  const state = await readStoreState(system, sourceDirectory);
  if (state === null) return [];
  const { path, version, knownVersion, copies } = state;
  if (version === null || version <= knownVersion) return [];
  const kept = copyOf(copies, knownVersion);
  return [
    obstacle(
      `a newer OpenClone has made the store version ${version}; this one knows version ${knownVersion}`,
      kept === null
        ? `Use the newer one: no copy of the store of version ${knownVersion} is there to go back to.`
        : `Use the newer one; or go back to the store before its update, and lose what was changed since: systemctl stop ${DAEMON_UNIT} && cp -a ${STORE_DIRECTORY} ${STORE_DIRECTORY}.newer && cp -p ${kept} ${path}, and start this installer again.`,
    ),
  ];
}
