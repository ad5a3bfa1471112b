/** A TFTP directory that serves boot loaders of somebody else's already. */

import { stat } from 'node:fs/promises';
import type { InstallRecord } from '../changes/record.ts';
import { keyOf } from '../changes/table.ts';
import { loaderFiles } from '../loaders/files.ts';
import { realPath, type System } from '../machine/system.ts';
import type { Plan } from '../plan.ts';
import { isOfOurs } from './ours.ts';
import { type Obstacle, obstacle } from './obstacle.ts';

/** Files in it that no earlier run has made, at the paths of ours. */
export async function loaderObstacles(
  system: System,
  { site }: Plan,
  record: InstallRecord | null,
): Promise<Obstacle[]> {
  const known = new Set(record?.changes.map(keyOf) ?? []);
  const tftp = site.tftpDirectory;
  const files = loaderFiles(site, { http: true, proxyDhcp: true }).flatMap(({ to }) =>
    to.startsWith('tftp/') && !to.startsWith('tftp/bios/') ? [to.slice('tftp/'.length)] : [],
  );
  const obstacles: Obstacle[] = [];
  for (const name of [...files, 'grub', 'bios', 'boot', 'loaders.json']) {
    const path = `${tftp}/${name}`;
    if (known.has(`file ${path}`) || isOfOurs(record, path)) continue;
    if ((await stat(realPath(system, path)).catch(() => null)) === null) continue;
    obstacles.push(
      obstacle(
        `${path} is there already, and not from this installer`,
        'Answer with a TFTP directory of our own, or move it away.',
      ),
    );
  }
  return obstacles;
}
