/** A change of a symbolic link of ours. */

import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { z } from 'zod';
import { realPath } from '../machine/system.ts';
import { makeParents, type DirectoryChange } from './directory.ts';
import { kept, REVERTED, type ChangeKind, type Making } from './kind.ts';

const schema = z.object({
  type: z.literal('link'),
  path: z.string().startsWith('/'),
  /** What it pointed to before; null when there was none. */
  previousTarget: z.string().nullable(),
});
export type LinkChange = z.infer<typeof schema>;

export const link = {
  schema,
  key: ({ path }) => `link ${path}`,
  describe: ({ path }) => path,
  revert: async (system, { path, previousTarget }) => {
    const real = realPath(system, path);
    const found = await lstat(real).catch(() => null);
    if (found !== null && !found.isSymbolicLink()) {
      return kept(`${path}: it is no link of ours any more`);
    }
    await rm(`${real}.new`, { force: true });
    await rm(real, { force: true });
    if (previousTarget !== null) await symlink(previousTarget, real);
    return REVERTED;
  },
} satisfies ChangeKind<LinkChange>;

/** Atomically: somebody may follow it at any moment. Where no link was before, nothing else may be. */
export async function makeLink(
  making: Making<LinkChange | DirectoryChange>,
  { path, previousTarget, target }: Omit<LinkChange, 'type'> & { readonly target: string },
): Promise<void> {
  await makeParents(making, path);
  await making.journal.note({ type: 'link', path, previousTarget });
  const real = realPath(making.system, path);
  if (previousTarget === null) return symlink(target, real);
  await rm(`${real}.new`, { force: true });
  await symlink(target, `${real}.new`);
  await rename(`${real}.new`, real);
}
