/** A version is read from end to end and compared with its manifest. */

import assert from 'node:assert/strict';
import { appendFile, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Sha256 } from '../../../lib/model/names.ts';
import { commitSample, IMAGE, STREAMS, VERSION } from './sample-manifest.ts';
import { message } from '../../../lib/model/messages/table.ts';
import { english } from '../../support/messages.ts';
import { withStore, P1, sha256, OTHER_VERSION } from './sample-store.ts';

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
