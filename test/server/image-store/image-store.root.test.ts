/** The image directory: versions are committed, thrown away and deleted whole. */

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { newRunId } from '../../../server/ids.ts';
import { ImageStore } from '../../../server/image-store/image-store.ts';
import { withPowerCut, withTmpfs } from '../store/file-systems.ts';
import {
  commitSample,
  IMAGE,
  LARGE,
  RUN,
  sampleManifest,
  sendStreams,
  streamNames,
  streamOf,
  STREAMS,
  VERSION,
} from './sample-manifest.ts';
import { withDirectory } from '../../support/directories.ts';
import { withStore, sha256, P1, OTHER_VERSION } from './sample-store.ts';

/** All names below the directory, sorted, but for the lock's. */
async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true });
  return names.filter((name) => name !== '.lock').sort();
}

describe('committing a capture', () => {
  test('committing a capture puts manifest and streams in place, and nothing else', async () => {
    await withStore(async (store, directory) => {
      const { manifestSha256, storedBytes } = await commitSample(store);
      const version = store.versionPath(IMAGE, VERSION);
      assert.equal(version, join(directory, IMAGE, VERSION));
      assert.deepEqual(await namesIn(directory), [
        '.incoming',
        IMAGE,
        join(IMAGE, VERSION),
        ...['manifest.json', ...streamNames()].map((name) => join(IMAGE, VERSION, name)).sort(),
      ]);
      const text = await readFile(join(version, 'manifest.json'));
      assert.equal(manifestSha256, sha256(text));
      assert.deepEqual(text.toString(), `${JSON.stringify(sampleManifest(), null, 2)}\n`);
      const sizes = Object.values(STREAMS).map((content) => content.length);
      assert.equal(storedBytes, text.length + sizes.reduce((sum, size) => sum + size, 0));
      assert.deepEqual(await store.readManifest(IMAGE, VERSION, manifestSha256), sampleManifest());
      assert.deepEqual(await store.listVersions(), [{ imageId: IMAGE, versionId: VERSION }]);
    });
  });

  test('committing a capture is still whole when the power goes at once', async () => {
    await withPowerCut(async (directory, cutPower) => {
      const images = join(directory, 'images');
      const { manifestSha256 } = await commitSample(await ImageStore.open(images));
      await cutPower();
      const store = await ImageStore.open(images);
      const { problems, filesChecked } = await store.verify(IMAGE, VERSION, manifestSha256);
      assert.deepEqual(problems, []);
      assert.equal(filesChecked, 4);
    });
  });

  test('committing a capture goes on with the streams that a server before had received', async () => {
    await withPowerCut(async (directory, cutPower) => {
      const images = join(directory, 'images');
      await sendStreams(await ImageStore.open(images));
      await cutPower();
      const store = await ImageStore.open(images);
      await store.discardAllStaging([RUN]);
      await store.openStaging(RUN);
      const { manifestSha256 } = await store.commit(RUN, sampleManifest());
      assert.deepEqual((await store.verify(IMAGE, VERSION, manifestSha256)).problems, []);
    });
  });

  test('committing a capture refuses streams that are missing, unknown, doubled or still coming', async () => {
    await withStore(async (store, directory) => {
      const refuse = async (what: RegExp, manifest = sampleManifest()): Promise<void> => {
        await assert.rejects(store.commit(RUN, manifest), { code: 'stream-wrong', message: what });
      };
      const { [P1]: first = Buffer.alloc(0), ...others } = STREAMS;
      await sendStreams(store, RUN, others);
      await refuse(/p1\.partclone\.zst has not been received/);
      await sendStreams(store, RUN, { [P1]: first, 'p9.raw.zst': Buffer.from('x') });
      await refuse(/does not know p9\.raw\.zst/);
      const nine = { ...STREAMS, 'p9.raw.zst': Buffer.from('x') };
      const doubled = sampleManifest(nine);
      await refuse(/same name/, {
        ...doubled,
        partitions: [...doubled.partitions, ...doubled.partitions],
      });
      const coming = new PassThrough();
      const reception = store.receiveStream(RUN, 'p9.raw.zst', coming, LARGE);
      await refuse(/p9\.raw\.zst is still coming in/, doubled);
      coming.end('x');
      await reception;
      assert.deepEqual(await store.listVersions(), []);
      await store.commit(RUN, doubled);
      assert.deepEqual(await readdir(join(directory, '.incoming')), []);
    });
  });

  test('committing a capture refuses a stream that is not what was announced, and goes on when it is sent again', async () => {
    await withStore(async (store, directory) => {
      for (const wrong of [Buffer.alloc(100, 'TWO'), Buffer.alloc(101, 'two')]) {
        await sendStreams(store, RUN, { ...STREAMS, 'p2.raw.zst': wrong });
        await assert.rejects(store.commit(RUN, sampleManifest()), {
          code: 'hash-mismatch',
          message: /p2\.raw\.zst was announced with 100 bytes/,
        });
      }
      await sendStreams(store);
      await truncate(join(directory, '.incoming', RUN, 'image', P1), 5);
      await assert.rejects(store.commit(RUN, sampleManifest()), { code: 'hash-mismatch' });
      await commitSample(store);
    });
  });

  test('committing a capture takes no more streams afterwards', async () => {
    await withStore(async (store) => {
      await commitSample(store);
      await assert.rejects(store.receiveStream(RUN, P1, streamOf(Buffer.from('x')), LARGE), {
        code: 'not-allowed',
      });
    });
  });

  test('committing a capture answers again when it is repeated, but never replaces a version', async () => {
    await withStore(async (store) => {
      const answer = await commitSample(store);
      const later = { ...sampleManifest(), capturedAt: '2026-11-21T08:00:00.000Z' };
      assert.deepEqual(await store.commit(RUN, later), answer);
      await sendStreams(store);
      assert.deepEqual(await store.commit(RUN, later), answer);
      await sendStreams(store);
      await assert.rejects(store.commit(RUN, { ...later, name: 'win12' }), {
        code: 'image-write-failed',
        message: /has another image/,
      });
      assert.deepEqual((await store.verify(IMAGE, VERSION, answer.manifestSha256)).problems, []);
      await rm(join(store.versionPath(IMAGE, VERSION), 'manifest.json'));
      await assert.rejects(store.commit(RUN, later), {
        code: 'image-write-failed',
      });
      await store.deleteVersion(IMAGE, VERSION);
      await store.commit(RUN, later);
    });
  });

  test('committing a capture leaves the streams staged when there is no room for the manifest', async () => {
    await withTmpfs(8 * 1024 * 1024, async (directory) => {
      const store = await ImageStore.open(directory, () => 0);
      await sendStreams(store);
      const { freeBytes } = await store.space();
      await writeFile(join(directory, 'ballast'), Buffer.alloc(freeBytes));
      await assert.rejects(store.commit(RUN, sampleManifest()), { code: 'image-store-full' });
      assert.deepEqual(await store.listVersions(), []);
      await rm(join(directory, 'ballast'));
      await store.commit(RUN, sampleManifest());
    });
  });
});

describe('throwing captures away', () => {
  test('throwing captures away removes what came in and breaks off what is coming in', async () => {
    await withStore(async (store, directory) => {
      await sendStreams(store);
      const hanging = new PassThrough();
      const reception = store.receiveStream(RUN, 'p9.raw.zst', hanging, LARGE);
      const broken = assert.rejects(reception, { code: 'stream-broken' });
      await store.discard(RUN);
      await broken;
      assert.deepEqual(await namesIn(directory), ['.incoming']);
      await store.discard(RUN);
    });
  });

  test('throwing captures away at the start spares only the captures that are named', async () => {
    await withDirectory(async (directory) => {
      const before = await ImageStore.open(directory);
      const other = newRunId();
      await sendStreams(before);
      await sendStreams(before, other);
      await writeFile(join(directory, '.incoming', 'stray'), '');
      before.close();
      const store = await ImageStore.open(directory);
      await store.discardAllStaging([RUN]);
      assert.deepEqual(await readdir(join(directory, '.incoming')), [RUN]);
      await store.discardAllStaging([]);
      assert.deepEqual(await readdir(join(directory, '.incoming')), []);
    });
  });
});

describe('deleting', () => {
  test('deleting: a version leaves the others, and the last one takes its image along', async () => {
    await withStore(async (store, directory) => {
      await commitSample(store);
      const second = OTHER_VERSION;
      await sendStreams(store);
      await store.commit(RUN, sampleManifest(STREAMS, second));
      await store.deleteVersion(IMAGE, VERSION);
      assert.deepEqual(await store.listVersions(), [{ imageId: IMAGE, versionId: second }]);
      await store.deleteVersion(IMAGE, second);
      assert.deepEqual(await namesIn(directory), ['.incoming']);
      await store.deleteVersion(IMAGE, second);
    });
  });

  test('deleting: an image takes all its versions along', async () => {
    await withStore(async (store, directory) => {
      await commitSample(store);
      await store.deleteImage(IMAGE);
      assert.deepEqual(await namesIn(directory), ['.incoming']);
      await store.deleteImage(IMAGE);
    });
  });

  test('deleting is finished at the next start when it was interrupted', async () => {
    await withDirectory(async (directory) => {
      const before = await ImageStore.open(directory);
      const { manifestSha256 } = await commitSample(before);
      await mkdir(join(directory, '.deleted-0123456789abcdef'));
      await writeFile(join(directory, '.deleted-0123456789abcdef', P1), 'left over');
      before.close();
      const store = await ImageStore.open(directory);
      assert.deepEqual((await readdir(directory)).sort(), ['.incoming', '.lock', IMAGE]);
      assert.deepEqual((await store.verify(IMAGE, VERSION, manifestSha256)).problems, []);
    });
  });
});

test('the image directory that cannot be made is named', async () => {
  await withDirectory(async (directory) => {
    await writeFile(join(directory, 'file'), '');
    await assert.rejects(ImageStore.open(join(directory, 'file', 'images')), {
      code: 'image-write-failed',
      message: `opening the image directory ${directory}/file/images`,
    });
  });
});

test('the space is that of the file system', async () => {
  await withTmpfs(8 * 1024 * 1024, async (directory) => {
    const store = await ImageStore.open(directory);
    const { path, sizeBytes, freeBytes } = await store.space();
    assert.equal(path, directory);
    assert.equal(sizeBytes, 8 * 1024 * 1024);
    await writeFile(join(directory, 'x'), Buffer.alloc(1_048_576));
    assert.equal((await store.space()).freeBytes, freeBytes - 1_048_576);
  });
});
