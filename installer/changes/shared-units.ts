/** Services of the distribution that we start and others may use as well: a table of who else does. */

import type { System } from '../machine/system.ts';
import { NFS_UNIT, otherExports } from '../tools/exportfs.ts';

const SHARED_UNITS: readonly {
  readonly unit: string;
  /** What it does for others than us. */
  readonly othersOf: (system: System) => Promise<readonly string[]>;
}[] = [{ unit: NFS_UNIT, othersOf: otherExports }];

/** What the unit does for others than us, one thing of it; null when it is ours alone. */
export async function otherUserOf(system: System, unit: string): Promise<string | null> {
  const shared = SHARED_UNITS.find((each) => each.unit === unit);
  return (await shared?.othersOf(system))?.[0] ?? null;
}
