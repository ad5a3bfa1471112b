/** An image store in a directory of its own, and what the tests of it share. */

import { createHash } from 'node:crypto';
import { VersionId } from '../../../lib/model/ids.ts';
import { ImageStore } from '../../../server/image-store/image-store.ts';
import { withDirectory } from '../../support/directories.ts';

export const P1 = 'p1.partclone.zst';

export const OTHER_VERSION = VersionId.parse('version-0000000009');

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export async function withStore(
  use: (store: ImageStore, directory: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const store = await ImageStore.open(directory);
    try {
      await use(store, directory);
    } finally {
      store.close();
    }
  });
}
