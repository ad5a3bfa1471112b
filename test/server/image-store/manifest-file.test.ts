/** Manifests as they lie in the image directory. */

import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { commitSample, IMAGE, VERSION } from './sample-manifest.ts';
import { withStore } from './sample-store.ts';

describe('reading a manifest', () => {
  test('reading a manifest refuses one of a newer format before anything else', async () => {
    await withStore(async (store) => {
      const { manifestSha256 } = await commitSample(store);
      const path = join(store.versionPath(IMAGE, VERSION), 'manifest.json');
      await writeFile(path, '{"formatVersion":2,"everything":"else"}');
      await assert.rejects(store.readManifest(IMAGE, VERSION, manifestSha256), {
        code: 'image-newer',
        message: `reading ${path}: it has format version 2`,
      });
    });
  });

  test('reading a manifest refuses one that was changed, cut off or removed', async () => {
    await withStore(async (store) => {
      const { manifestSha256 } = await commitSample(store);
      const path = join(store.versionPath(IMAGE, VERSION), 'manifest.json');
      const text = await readFile(path, 'utf8');
      const refused = async (): Promise<void> => {
        await assert.rejects(store.readManifest(IMAGE, VERSION, manifestSha256), {
          code: 'image-damaged',
        });
      };
      for (const changed of [text.replace('pc-1', 'pc-2'), text.slice(0, -10), '', '{}']) {
        await writeFile(path, changed);
        await refused();
      }
      await rm(path);
      await refused();
    });
  });
});
