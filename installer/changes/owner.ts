/** The change of owner of a directory that was there already. */

import { chmod, chown, lstat } from 'node:fs/promises';
import { z } from 'zod';
import { realPath } from '../machine/system.ts';
import { Data, hasFiles } from './data.ts';
import { kept, REVERTED, type ChangeKind, type Making } from './kind.ts';

const Ownership = z.object({
  user: z.number().int(),
  group: z.number().int(),
  mode: z.number().int(),
});
export type Ownership = z.infer<typeof Ownership>;

const schema = z.object({
  type: z.literal('owner'),
  path: z.string().startsWith('/'),
  previous: Ownership,
  data: Data.nullable(),
});
export type OwnerChange = z.infer<typeof schema>;

export const owner = {
  schema,
  key: ({ path }) => `owner ${path}`,
  describe: ({ path }) => `${path}: given back to who it belonged to`,
  dataPath: ({ path, data }) => (data === null ? null : path),
  /** What others have put in there is theirs, and images stay with the account that may read them. */
  revert: async (system, { path, previous, data }, { reason }) => {
    const real = realPath(system, path);
    if ((await lstat(real).catch(() => null)) === null) return REVERTED;
    if (data !== null && reason === 'uninstall' && (await hasFiles(real))) {
      return kept(`${path}: it was there before OpenClone; delete what is in it by hand`);
    }
    await own(real, previous);
    return REVERTED;
  },
} satisfies ChangeKind<OwnerChange>;

export async function makeOwner(
  { system, journal }: Making<OwnerChange>,
  { path, previous, data, now }: Omit<OwnerChange, 'type'> & { readonly now: Ownership },
): Promise<void> {
  await journal.note({ type: 'owner', path, previous, data });
  await own(realPath(system, path), now);
}

async function own(real: string, { user, group, mode }: Ownership): Promise<void> {
  await chown(real, user, group);
  await chmod(real, mode);
}
