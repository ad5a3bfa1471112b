/** What the root file system says of itself (docs/design/netboot.md). */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';

const BuildFile = z.object({ formatVersion: z.literal(1), id: z.string().min(1).max(100) });

/** The id of the build. Throws `bad-argument` when the file cannot be read or is none. */
export async function readBuildId(path: string): Promise<string> {
  try {
    return BuildFile.parse(JSON.parse(await readFile(path, 'utf8'))).id;
  } catch (cause) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `reading ${path}, which says which root file system this is`,
      hint: 'Build the root file system of the hosts again.',
      cause,
    });
  }
}
