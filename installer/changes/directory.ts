/** The change that makes a directory that was not there before. */

import { chmod, mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { mountPointsIn } from '../../lib/mount-points.ts';
import { realPath } from '../machine/system.ts';
import { Data, hasFiles } from './data.ts';
import { kept, REVERTED, type ChangeKind, type Making, type Reverted } from './kind.ts';

const schema = z.object({
  type: z.literal('directory'),
  path: z.string().startsWith('/'),
  /** Whether all that is in it is ours as well. */
  tree: z.boolean(),
  data: Data.nullable(),
});
export type DirectoryChange = z.infer<typeof schema>;

export const directory = {
  schema,
  key: ({ path }) => `directory ${path}`,
  describe: ({ path, tree, data }) =>
    `${path}${tree ? ' with all that is in it' : ', when it is empty'}${data === null ? '' : ' (asked about first: data)'}`,
  dataPath: ({ path, data }) => (data === null ? null : path),
  treePath: ({ path, tree }) => (tree ? path : null),
  revert: async (system, { path, tree, data }, { reason, purgeData }) => {
    const real = realPath(system, path);
    if (data !== null && !purgeData && reason === 'uninstall') {
      return kept(`${path}: ${data === 'images' ? 'the images' : 'hosts, groups, tasks and keys'}`);
    }
    // A first installation that fails has no images yet; should there be any, they are not for us to delete.
    const hasImages = data === 'images' && reason === 'rollback' && (await hasFiles(real));
    return tree && !hasImages ? removeTree(real, path) : removeEmpty(real, path);
  },
} satisfies ChangeKind<DirectoryChange>;

async function removeTree(real: string, path: string): Promise<Reverted> {
  const [mounted] = await mountPointsIn(real);
  if (mounted !== undefined) return kept(`${path}: something is mounted at ${mounted}`);
  await rm(real, { recursive: true, force: true });
  return REVERTED;
}

async function removeEmpty(real: string, path: string): Promise<Reverted> {
  try {
    await rmdir(real);
    return REVERTED;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return REVERTED;
    if (code === 'ENOTEMPTY' || code === 'EBUSY') {
      return kept(`${path}: something in it is not OpenClone's`);
    }
    throw error;
  }
}

/** Makes it, and the directories above it, root's. `mode` whatever the umask is. */
export async function makeDirectory(
  making: Making<DirectoryChange>,
  { path, tree, data, mode }: Omit<DirectoryChange, 'type'> & { readonly mode: number },
): Promise<void> {
  await makeParents(making, path);
  await making.journal.note({ type: 'directory', path, tree, data });
  await mkdir(realPath(making.system, path), { mode });
  await chmod(realPath(making.system, path), mode);
}

/** Makes the directories above `path` that are missing: root's, readable by all. */
export async function makeParents(making: Making<DirectoryChange>, path: string): Promise<void> {
  const parent = dirname(path);
  const real = realPath(making.system, parent);
  if (parent === '/' || (await stat(real).catch(() => null)) !== null) return;
  await makeDirectory(making, { path: parent, tree: false, data: null, mode: 0o755 });
}
