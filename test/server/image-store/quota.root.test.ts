/** How much a capture may take of the image directory. */

import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { ImageStore } from '../../../server/image-store/image-store.ts';
import { reserveBytesOf } from '../../../server/image-store/reserve.ts';
import { withTmpfs } from '../store/file-systems.ts';
import { LARGE, RUN, sendStreams, streamOf } from './sample-manifest.ts';
import { withDirectory } from '../../support/directories.ts';
import { withStore, P1 } from './sample-store.ts';

describe('what a capture may take', () => {
  const MIB = 1024 * 1024;

  test('what a capture may take is counted over all its streams, not again for one sent again, nor for one that failed', async () => {
    await withStore(async (store, directory) => {
      const maxBytes = 3 * MIB;
      const send = (name: string, sizeBytes: number): Promise<unknown> =>
        store.receiveStream(RUN, name, streamOf(Buffer.alloc(sizeBytes)), maxBytes);
      await store.openStaging(RUN);
      await send('a', MIB);
      await send('a', 2 * MIB);
      await assert.rejects(send('b', MIB + 1), {
        code: 'capture-too-large',
        message: /storing the stream b of .*: all streams together/,
      });
      assert.deepEqual(await readdir(join(directory, '.incoming', RUN, 'image')), ['a']);
      await send('b', MIB);
      await assert.rejects(send('c', 1), { code: 'capture-too-large' });
      await send('c', 0);
    });
  });

  test('what a capture may take is counted over streams that come in together', async () => {
    await withStore(async (store) => {
      await store.openStaging(RUN);
      const sent = ['a', 'b', 'c', 'd'].map((name) =>
        store.receiveStream(RUN, name, streamOf(Buffer.alloc(2 * MIB)), 5 * MIB),
      );
      const outcomes = await Promise.allSettled(sent);
      const states = outcomes.map(({ status }) => status).sort();
      assert.ok(states.filter((state) => state === 'fulfilled').length <= 2);
      assert.ok(states.includes('rejected'));
    });
  });

  test('what a capture may take is at most a thousand streams, empty or not', async () => {
    await withStore(async (store) => {
      await store.openStaging(RUN);
      const send = (index: number): Promise<unknown> =>
        store.receiveStream(RUN, `s${index}`, streamOf(Buffer.alloc(0)), LARGE);
      await Promise.all(Array.from({ length: 1000 }, (_, index) => send(index)));
      await assert.rejects(send(1000), { code: 'capture-too-large', message: /1000 streams/ });
      await send(7);
    });
  });

  test('what a capture may take counts what a server before had received', async () => {
    await withDirectory(async (directory) => {
      const before = await ImageStore.open(directory);
      await sendStreams(before);
      before.close();
      const store = await ImageStore.open(directory);
      await store.openStaging(RUN);
      const more = store.receiveStream(RUN, 'p7', streamOf(Buffer.alloc(2 * MIB)), 5 * MIB);
      await assert.rejects(more, { code: 'capture-too-large' });
      store.close();
    });
  });

  test('what a capture may take leaves a reserve free: no stream begins below it, and one that comes to it is thrown away', async () => {
    await withTmpfs(160 * MIB, async (directory) => {
      const store = await ImageStore.open(directory);
      await store.openStaging(RUN);
      const { freeBytes } = await store.space();
      const block = Buffer.alloc(MIB);
      const source = Readable.from(Array.from({ length: 150 }, () => block));
      await assert.rejects(store.receiveStream(RUN, P1, source, LARGE), (error) => {
        assert.ok(error instanceof OperatorError);
        assert.equal(error.code, 'image-store-full');
        const left = /has (\d+) of 167772160 bytes free/.exec(error.message)?.[1];
        assert.ok(Number(left) > 32 * MIB, error.message);
        return true;
      });
      assert.equal((await store.space()).freeBytes, freeBytes);
      await writeFile(join(directory, 'ballast'), Buffer.alloc(freeBytes - 64 * MIB + 1));
      const small = store.receiveStream(RUN, P1, streamOf(Buffer.from('x')), LARGE);
      await assert.rejects(small, { code: 'image-store-full', hint: /openclone image delete/ });
      await rm(join(directory, 'ballast'));
      await sendStreams(store);
      store.close();
    });
  });

  test('what a capture may take is a hundredth of the file system, from 64 MiB to 1 GiB', () => {
    const GIB = 1024 * MIB;
    const sizes = [0, GIB, 10 * GIB, 99 * GIB, 100 * GIB, 4096 * GIB];
    assert.deepEqual(
      sizes.map((sizeBytes) => reserveBytesOf(sizeBytes) / MIB),
      [64, 64, 102.4, 1013.76, 1024, 1024].map((mib) => Math.floor(mib * MIB) / MIB),
    );
  });
});
