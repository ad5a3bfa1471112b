/** Finds files of others at our paths. */

import { readFile, readlink, stat } from 'node:fs/promises';
import type { InstallRecord } from '../changes/record.ts';
import { keyOf } from '../changes/table.ts';
import { COMMAND } from '../machine/names.ts';
import { realPath, type System } from '../machine/system.ts';
import type { Plan } from '../plan.ts';
import { type Obstacle, obstacle } from './obstacle.ts';

/** Those that no earlier run has made, and that differ from ours. */
export async function fileObstacles(
  system: System,
  { files }: Plan,
  record: InstallRecord | null,
): Promise<Obstacle[]> {
  const known = new Set(record?.changes.map(keyOf) ?? []);
  const obstacles: Obstacle[] = [];
  for (const { path, text } of Object.values(files).flat()) {
    if (known.has(`file ${path}`)) continue;
    const found = await readFile(realPath(system, path), 'utf8').catch(() => null);
    if (found === null || found === text) continue;
    obstacles.push(
      obstacle(`${path} is there already, and not from this installer`, 'Move it away.'),
    );
  }
  const isOurs = known.has(`link ${COMMAND}`);
  const command = realPath(system, COMMAND);
  const exists =
    (await readlink(command).catch(() => null)) ?? (await stat(command).catch(() => null));
  if (exists !== null && !isOurs) {
    obstacles.push(
      obstacle(`${COMMAND} is there already, and not from this installer`, 'Move it away.'),
    );
  }
  return obstacles;
}
