import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  partcloneListener,
  partcloneVersion,
  type PartcloneProgress,
} from '../../../engine/tools/partclone.ts';
import { run } from '../../../lib/exec/run.ts';
import { recorded } from './recorded.ts';

const USED_BYTES = {
  ext4: 97_697 * 1024,
  ntfs: 15_999 * 4096,
  xfs: 31_776 * 4096,
};

function hear(pieces: readonly string[]): PartcloneProgress[] {
  const heard: PartcloneProgress[] = [];
  const listen = partcloneListener((progress) => heard.push(progress));
  for (const piece of pieces) listen(piece);
  return heard;
}

describe('What partclone 0.3.23 says while it copies', () => {
  for (const [filesystem, usedBytes] of Object.entries(USED_BYTES)) {
    const text = recorded(`partclone-0.3.23-${filesystem}.txt`);

    test(`What partclone 0.3.23 says while it copies gives the bytes in use of ${filesystem}, then the way from 0 to 1, without the bitmap phase`, () => {
      const heard = hear([text]);
      assert.deepEqual(heard[0], { usedBytes, fraction: 0 });
      assert.deepEqual(heard.at(-1), { usedBytes, fraction: 1 });
      assert.ok(heard.length >= 4, 'there are lines in between');
      assert.ok(heard.every((progress) => progress.usedBytes === usedBytes));
      assert.ok(heard.every(({ fraction }, at) => fraction >= (heard[at - 1]?.fraction ?? 0)));
    });

    test(`What partclone 0.3.23 says while it copies is understood of ${filesystem} in whatever pieces it comes`, () => {
      const whole = hear([text]);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
          const places = [0, ...cuts.toSorted((one, other) => one - other), text.length];
          const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
          assert.deepEqual(hear(pieces), whole);
        }),
      );
    });
  }

  test('What partclone 0.3.23 says while it copies is found between the debug text of exFAT', () => {
    const heard = hear([recorded('partclone-0.3.23-exfat.txt')]);
    assert.equal(heard.at(-1)?.fraction, 1);
    assert.ok((heard[0]?.usedBytes ?? 0) > 0);
  });

  test('What partclone 0.3.23 says while it copies means nothing when it is an error message', () => {
    assert.deepEqual(
      hear(['extfsclone.c: FS was not cleanly unmounted\n', 'Partclone fail\r']),
      [],
    );
  });
});

test('The version of an installed partclone is named with the program, that of a missing one is tool-missing.', async () => {
  assert.match(await partcloneVersion(run, 'partclone.extfs'), /^partclone\.extfs 0\.3\.\d+$/);
  await assert.rejects(partcloneVersion(run, 'partclone.none'), { code: 'tool-missing' });
});
