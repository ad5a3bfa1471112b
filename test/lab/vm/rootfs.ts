/** The hosts' root file system in a room: the real builder, its base of packages kept from lab to lab. */

import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { activateBuild } from '../../../netboot-rootfs/activate.ts';
import { buildRootfs } from '../../../netboot-rootfs/build.ts';
import { makeRecipe } from '../../../netboot-rootfs/recipe.ts';
import type { Packing } from '../../../netboot-rootfs/squashfs.ts';
import type { Run } from '../../../lib/exec/run.ts';
import type { ServerBuildFile } from '../../../lib/model/build-file.ts';
import type { Site } from '../../../lib/model/site.ts';

import { sourcesOf, type Suite } from '../install/suite.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

/**
 * Builds and activates what the room's hosts boot. `certificateFile` is the server's. The first time on a machine it
 * downloads the packages, which takes a minute or two.
 */
export async function installRootfs(
  run: Run,
  site: Site,
  options: {
    readonly certificateFile: string;
    /** For the engine's bundle. */
    readonly directory: string;
    /** Where bases are kept, on NETBOOT's file system. */
    readonly cache: string;
    readonly suite: Suite;
    readonly packing: Packing;
    /** What the engine's program is made to be: that of another release. */
    readonly changeEngine?: (program: string) => string;
  },
): Promise<ServerBuildFile> {
  const { certificateFile, directory, cache, suite, packing } = options;
  const engineFile = join(directory, 'engine.js');
  const { netbootDirectory: netboot, tftpDirectory: tftp } = site;
  const dataDirectory = join(PROJECT, 'netboot-rootfs/data');
  mkdirSync(join(cache, 'bases'), { recursive: true });
  if (!existsSync(join(netboot, 'bases'))) {
    symlinkSync(join(cache, 'bases'), join(netboot, 'bases'));
  }
  await run(process.execPath, [join(PROJECT, 'installer/build-engine.ts'), engineFile]);
  const { changeEngine } = options;
  if (changeEngine !== undefined) {
    writeFileSync(engineFile, changeEngine(readFileSync(engineFile, 'utf8')));
  }
  const sourcesFile = join(directory, 'any.sources');
  writeFileSync(sourcesFile, sourcesOf(suite));
  const hardware = { firmware: false, serverHardware: false };
  const place = { suite, sourcesFile, ...hardware, machineRoot: '/' };
  await buildRootfs(run, {
    netboot,
    dataDirectory,
    certificateFile,
    engineFile,
    nodeFile: process.execPath,
    recipe: await makeRecipe({ ...place, dataDirectory }),
    refresh: false,
    packing,
    now: new Date(),
    onProgress: () => undefined,
  });
  return activateBuild({ netboot, tftp }, null);
}
