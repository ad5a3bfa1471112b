/** The change that makes a service read its files again: after we have written them, and when they are as before. */

import { z } from 'zod';
import type { System } from '../machine/system.ts';
import { readExportsAgain } from '../tools/exportfs.ts';
import { REVERTED, type ChangeKind, type Making } from './kind.ts';

const Reader = z.enum(['systemd', 'exports']);
type Reader = z.infer<typeof Reader>;

const schema = z.object({ type: z.literal('reload'), what: Reader });
export type ReloadChange = z.infer<typeof schema>;

const READERS: Readonly<Record<Reader, (system: System) => Promise<unknown>>> = {
  systemd: ({ run }) => run('systemctl', ['daemon-reload']),
  exports: ({ run }) => readExportsAgain(run),
};

export const reload = {
  schema,
  key: ({ what }) => `reload ${what}`,
  describe: ({ what }) => `(${what} reads its files again)`,
  revert: async (system, { what }) => {
    await READERS[what](system);
    return REVERTED;
  },
} satisfies ChangeKind<ReloadChange>;

/** Lets it read what `write` has written. Noted before that: taken back in reverse, it reads again when that is gone. */
export async function makeReload(
  { system, journal }: Making<ReloadChange>,
  what: Reader,
  write: () => Promise<void>,
): Promise<void> {
  await journal.note({ type: 'reload', what });
  await write();
  await READERS[what](system);
}
