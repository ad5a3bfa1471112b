/** The streams of a capture as they come in. */

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { ImageStore } from '../../../server/image-store/image-store.ts';
import { withTmpfs } from '../store/file-systems.ts';
import {
  IMAGE,
  LARGE,
  RUN,
  sampleManifest,
  sendStreams,
  streamOf,
  STREAMS,
  VERSION,
} from './sample-manifest.ts';
import { withStore, P1, sha256 } from './sample-store.ts';

describe('receiving a stream', () => {
  test('receiving a stream stores exactly what came, and answers with its size and hash', async () => {
    await withStore(async (store, directory) => {
      await store.openStaging(RUN);
      for (const sizeBytes of [0, 1, 1_048_575, 1_048_576, 1_048_577, 9_000_001]) {
        const content = randomBytes(sizeBytes);
        assert.deepEqual(await store.receiveStream(RUN, P1, streamOf(content), LARGE), {
          sizeBytes,
          sha256: sha256(content),
        });
        const path = join(directory, '.incoming', RUN, 'image', P1);
        assert.ok(content.equals(await readFile(path)));
        assert.equal((await stat(path)).mode & 0o777, 0o640);
      }
    });
  });

  test('receiving a stream stores more than one flush of data unchanged', async () => {
    await withStore(async (store) => {
      const block = randomBytes(1_000_003);
      const hash = createHash('sha256');
      const blocks = Array.from({ length: 150 }, () => block);
      for (const each of blocks) hash.update(each);
      await store.openStaging(RUN);
      assert.deepEqual(await store.receiveStream(RUN, P1, Readable.from(blocks), LARGE), {
        sizeBytes: 150 * block.length,
        sha256: hash.digest('hex'),
      });
    });
  });

  test('receiving a stream leaves nothing when the connection breaks', async () => {
    await withStore(async (store, directory) => {
      await store.openStaging(RUN);
      let received: Promise<unknown> = Promise.resolve();
      const server = createServer((incoming) => {
        received = store.receiveStream(RUN, P1, incoming, LARGE);
        received.catch(() => undefined);
        sender.write(Buffer.alloc(300_000));
        incoming.once('data', () => sender.destroy());
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = addressOf(server.address());
      const sender = request({ port, host: '127.0.0.1', method: 'PUT' });
      sender.on('error', () => undefined);
      sender.setHeader('content-length', 1_000_000);
      sender.flushHeaders();
      await once(server, 'request');
      await assert.rejects(received, {
        code: 'stream-broken',
        message: `storing the stream ${P1} of ${RUN}: it ended before it was complete`,
      });
      assert.deepEqual(await readdir(join(directory, '.incoming', RUN, 'image')), []);
      assert.deepEqual(await readdir(join(directory, '.incoming', RUN, 'receipts')), []);
      server.close();
      await once(server, 'close');
    });
  });

  test('receiving a stream replaces a stream that is sent again', async () => {
    await withStore(async (store) => {
      await store.openStaging(RUN);
      await store.receiveStream(RUN, P1, streamOf(Buffer.alloc(2_000_000, 'old')), LARGE);
      await sendStreams(store);
      await store.commit(RUN, sampleManifest());
      assert.ok(STREAMS[P1]?.equals(await readFile(store.streamPath(IMAGE, VERSION, P1))));
    });
  });

  test('receiving a stream: breaks off a stream that hangs when it is sent again', async () => {
    await withStore(async (store) => {
      await store.openStaging(RUN);
      const hanging = new PassThrough();
      hanging.write(Buffer.alloc(2_000_000));
      const first = store.receiveStream(RUN, P1, hanging, LARGE);
      const broken = assert.rejects(first, { code: 'stream-broken' });
      const content = randomBytes(500_000);
      const second = await store.receiveStream(RUN, P1, streamOf(content), LARGE);
      await broken;
      assert.equal(second.sha256, sha256(content));
      assert.ok(hanging.destroyed);
    });
  });

  test('receiving a stream takes several streams at the same time', async () => {
    await withStore(async (store) => {
      await store.openStaging(RUN);
      await Promise.all(
        Object.entries(STREAMS).map(([name, content]) =>
          store.receiveStream(RUN, name, streamOf(content), LARGE),
        ),
      );
      await store.commit(RUN, sampleManifest());
    });
  });

  test('receiving a stream refuses names that are no names of streams', async () => {
    await withStore(async (store, directory) => {
      await store.openStaging(RUN);
      for (const name of ['', '.', '..', '../x', 'a/b', '.x', 'P1', 'x\n', 'manifest.json']) {
        await assert.rejects(store.receiveStream(RUN, name, streamOf(Buffer.from('x')), LARGE), {
          code: 'bad-argument',
        });
      }
      assert.deepEqual(await readdir(join(directory, '.incoming', RUN, 'image')), []);
    });
  });

  test('receiving a stream is not allowed to a run that does not capture', async () => {
    await withStore(async (store) => {
      const stream = streamOf(Buffer.from('x'));
      await assert.rejects(store.receiveStream(RUN, P1, stream, LARGE), { code: 'not-allowed' });
    });
  });

  test('receiving a stream says where there is no room and how much there is, and gives the room back', async () => {
    await withTmpfs(8 * 1024 * 1024, async (directory) => {
      const store = await ImageStore.open(directory, () => 0);
      await store.openStaging(RUN);
      const before = await store.space();
      const source = streamOf(Buffer.alloc(20_000_000));
      await assert.rejects(store.receiveStream(RUN, P1, source, LARGE), (error) => {
        assert.ok(error instanceof OperatorError);
        assert.equal(error.code, 'image-store-full');
        assert.match(error.message, new RegExp(`${P1} of ${RUN} in ${directory}`));
        assert.match(error.message, /has \d+ of 8388608 bytes free/);
        assert.match(error.hint, /openclone image delete/);
        return true;
      });
      assert.equal(source.destroyed, false, 'an answer can still be sent on the connection');
      source.destroy();
      assert.equal((await store.space()).freeBytes, before.freeBytes);
      await sendStreams(store);
      await store.commit(RUN, sampleManifest());
    });
  });
});

function addressOf(address: AddressInfo | string | null): AddressInfo {
  assert.ok(typeof address === 'object' && address !== null);
  return address;
}
