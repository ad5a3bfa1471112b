/** Which build of the root file system hosts boot now: what `NETBOOT/current` points to. */

import { access, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Site } from '../../lib/model/site.ts';
import { systemCodeOf } from '../store/durable-write.ts';
import type { BuildId } from './kernel-command-line.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { SimpleMessage } from '../../lib/model/message.ts';

/** Names directories, and stands in paths of boot loaders: nothing that either could misread. */
export const BUILD_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export type CurrentBuild =
  | { readonly type: 'build'; readonly id: BuildId }
  /** Nothing can be booted; `what` says why. */
  | { readonly type: 'none'; readonly what: SimpleMessage };

/** Throws the system's error when the link is there and cannot be read. */
export async function readCurrentBuild(
  site: Pick<Site, 'netbootDirectory' | 'tftpDirectory'>,
): Promise<CurrentBuild> {
  const link = join(site.netbootDirectory, 'current');
  let target: string;
  try {
    target = await readlink(link);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    return {
      type: 'none',
      what: message('build.missing', { link }),
    };
  }
  const id = basename(target);
  if (!BUILD_ID.test(id))
    return { type: 'none', what: message('build.no-build', { link, target }) };
  for (const name of ['vmlinuz', 'initrd.img']) {
    const path = join(site.tftpDirectory, 'boot', id, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere) return { type: 'none', what: message('build.incomplete', { path, build: id }) };
  }
  return { type: 'build', id };
}
