/** The build of the root file system that hosts boot now, as a medium needs it. */

import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import { BuildId, ServerBuildFile } from '../../lib/model/build-file.ts';

export type CurrentBuild = ServerBuildFile & {
  readonly kernelPath: string;
  readonly initrdPath: string;
  readonly squashfsPath: string;
};

/** Reads NETBOOT/current and the build's description. Throws `not-found` when there is none that can be read. */
export async function readCurrentBuild(netbootDirectory: string): Promise<CurrentBuild> {
  try {
    const target = await readlink(join(netbootDirectory, 'current'));
    const id = BuildId.parse(target.replace(/^builds\//, ''));
    const directory = join(netbootDirectory, 'builds', id);
    const text = await readFile(join(directory, 'build.json'), 'utf8');
    return {
      ...ServerBuildFile.parse(JSON.parse(text)),
      kernelPath: join(directory, 'vmlinuz'),
      initrdPath: join(directory, 'initrd.img'),
      squashfsPath: join(directory, 'rootfs.squashfs'),
    };
  } catch (cause) {
    throw new OperatorError({
      code: 'not-found',
      message: `finding the root file system of the hosts in ${netbootDirectory}`,
      hint: 'Running install.sh again builds it; `openclone doctor` says what is there.',
      cause,
    });
  }
}
