/** A change of a file of ours: written whole, and given its earlier text again. */

import { rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { realPath } from '../machine/system.ts';
import { unfinishedOf, writeDurably } from '../machine/write-durably.ts';
import { makeParents, type DirectoryChange } from './directory.ts';
import { REVERTED, type ChangeKind, type Making } from './kind.ts';

const schema = z.object({
  type: z.literal('file'),
  path: z.string().startsWith('/'),
  /** null when there was none. */
  previous: z.object({ text: z.string(), mode: z.number().int() }).nullable(),
});
export type FileChange = z.infer<typeof schema>;

export const file = {
  schema,
  key: ({ path }) => `file ${path}`,
  describe: ({ path }) => path,
  revert: async (system, { path, previous }) => {
    const real = realPath(system, path);
    await rm(unfinishedOf(real), { force: true });
    await rm(real, { force: true });
    // A new file, so that nothing is written through a link.
    if (previous !== null) {
      await writeFile(real, previous.text, { mode: previous.mode, flag: 'wx' });
    }
    return REVERTED;
  },
} satisfies ChangeKind<FileChange>;

/** A reader sees the old or the new text, never a part of one. */
export async function makeFile(
  making: Making<FileChange | DirectoryChange>,
  change: Omit<FileChange, 'type'> & { readonly text: string; readonly mode: number },
): Promise<void> {
  const { path, previous, text, mode } = change;
  await makeParents(making, path);
  await making.journal.note({ type: 'file', path, previous });
  await writeDurably(realPath(making.system, path), text, mode);
}
