import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { VersionId } from '../../../lib/model/ids.ts';
import { Sha256 } from '../../../lib/model/names.ts';
import { newRunId } from '../../../server/ids.ts';
import { ImageStore } from '../../../server/image-store/image-store.ts';
import { reserveBytesOf } from '../../../server/image-store/reserve.ts';
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
import { message } from '../../../lib/model/messages/table.ts';
import { english } from '../../support/messages.ts';

const P1 = 'p1.partclone.zst';
const OTHER_VERSION = VersionId.parse('version-0000000009');

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** All names below the directory, sorted, but for the lock's. */
async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true });
  return names.filter((name) => name !== '.lock').sort();
}

async function withStore(
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

describe('verifying a version', () => {
  test('verifying a version reads every byte, says how far it is, and finds nothing wrong with a sound one', async () => {
    await withStore(async (store) => {
      const { manifestSha256, storedBytes } = await commitSample(store);
      const seen: number[] = [];
      const result = await store.verify(IMAGE, VERSION, manifestSha256, (progress) => {
        assert.equal(progress.totalBytes, storedBytes);
        seen.push(progress.doneBytes);
      });
      assert.deepEqual(result, { filesChecked: 4, bytesChecked: storedBytes, problems: [] });
      assert.deepEqual(
        seen,
        seen.toSorted((one, other) => one - other),
      );
      assert.equal(seen.at(-1), storedBytes);
    });
  });

  test('verifying a version finds a single flipped bit', async () => {
    await withStore(async (store) => {
      const { manifestSha256 } = await commitSample(store);
      const path = store.streamPath(IMAGE, VERSION, P1);
      const content = await readFile(path);
      content[1_234_567] = (content[1_234_567] ?? 0) ^ 4;
      await writeFile(path, content);
      const { problems, filesChecked } = await store.verify(IMAGE, VERSION, manifestSha256);
      assert.equal(filesChecked, 4);
      assert.deepEqual(problems, [
        {
          file: P1,
          problem: message('file.wrong-hash', {
            found: sha256(content),
            expected: sha256(STREAMS[P1] ?? content),
          }),
        },
      ]);
    });
  });

  test('verifying a version finds files that are missing, longer, something else, or too many', async () => {
    await withStore(async (store) => {
      const { manifestSha256 } = await commitSample(store);
      const version = store.versionPath(IMAGE, VERSION);
      await rm(join(version, P1));
      await appendFile(join(version, 'p2.raw.zst'), '!');
      await rename(join(version, 'gap-1.raw.zst'), join(version, 'stray'));
      await symlink('stray', join(version, 'gap-1.raw.zst'));
      assert.deepEqual((await store.verify(IMAGE, VERSION, manifestSha256)).problems, [
        { file: P1, problem: message('file.missing') },
        {
          file: 'p2.raw.zst',
          problem: message('file.wrong-size', { foundBytes: 101, expectedBytes: 100 }),
        },
        { file: 'gap-1.raw.zst', problem: message('file.not-regular') },
        { file: 'stray', problem: message('file.foreign') },
      ]);
    });
  });

  test('verifying a version says that a manifest is damaged or missing', async () => {
    await withStore(async (store) => {
      await commitSample(store);
      const other = Sha256.parse('0'.repeat(64));
      const { problems } = await store.verify(IMAGE, VERSION, other);
      assert.equal(problems.length, 1);
      assert.match(
        english(problems[0]?.problem),
        /it is damaged, so the streams cannot be checked/,
      );
      assert.deepEqual(await store.verify(IMAGE, OTHER_VERSION, other), {
        filesChecked: 0,
        bytesChecked: 0,
        problems: [{ file: 'manifest.json', problem: message('file.missing') }],
      });
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

function addressOf(address: AddressInfo | string | null): AddressInfo {
  assert.ok(typeof address === 'object' && address !== null);
  return address;
}
