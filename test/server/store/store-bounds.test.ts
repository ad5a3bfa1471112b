/** A store that could not be read again is never written, and none is read that contradicts itself. */

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { newGroupId } from '../../../server/ids.ts';
import { DurableFile } from '../../../server/store/durable-file.ts';
import {
  emptyStore,
  STORE_FORMAT,
  STORE_VERSION,
  type StoreData,
} from '../../../server/store/schema.ts';
import { formatStoreText, parseStoreText } from '../../../server/store/store-text.ts';
import { Store } from '../../../server/store/store.ts';
import { sampleHost } from './sample-data.ts';
import { withDirectory } from '../../support/directories.ts';

function storeOf(hosts: number): StoreData {
  return {
    ...emptyStore(),
    hosts: Array.from({ length: hosts }, (_, index) => sampleHost(index + 1)),
    groups: [
      { id: newGroupId(), name: 'Raum "1", {links}', createdAt: '2026-11-21T07:00:00.000Z' },
    ],
  };
}

/** Writes `data` as somebody who edits by hand: without the sum. */
async function byHand(directory: string, data: unknown): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'store.json'), JSON.stringify(data, null, 2));
}

async function refusal(directory: string): Promise<string> {
  const error = await Store.open(directory).then(
    () => assert.fail('the store was opened'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof OperatorError);
  assert.equal(error.code, 'store-damaged');
  return String(error.cause);
}

describe('a store', () => {
  test('a store is not written larger than it may be; what makes it smaller is', async () => {
    await withDirectory(async (directory) => {
      const small = new DurableFile(directory, STORE_FORMAT, 50_000);
      assert.equal(await small.read(), null);
      await small.write(storeOf(10));
      const before = await readFile(small.path);
      await assert.rejects(small.write(storeOf(100)), (error: unknown) => {
        assert.ok(error instanceof OperatorError);
        assert.equal(error.code, 'store-write-failed');
        assert.match(error.message, /it would have \d+.* kB, and the most is 50/);
        return true;
      });
      assert.deepEqual(await readFile(small.path), before);
      assert.equal(small.sizeBytes, before.length);
      await new DurableFile(directory, STORE_FORMAT).write(storeOf(100));
      const again = new DurableFile(directory, STORE_FORMAT, 50_000);
      assert.equal((await again.read())?.hosts.length, 100);
      await assert.rejects(again.write(storeOf(101)), { code: 'store-write-failed' });
      await again.write(storeOf(99));
      await again.write(storeOf(5));
    });
  });

  test('a store is read line by line as it is in one piece', () => {
    const data = storeOf(20);
    const bytes = formatStoreText(data, new WeakMap());
    const lines = parseStoreText(bytes, STORE_FORMAT);
    assert.deepEqual(lines, { type: 'good', data, fromVersion: STORE_VERSION });
    // Without its form, as somebody leaves it who edits by hand.
    for (const text of [JSON.stringify(data), JSON.stringify(data, null, 2)]) {
      const whole = parseStoreText(Buffer.from(text), STORE_FORMAT);
      assert.deepEqual(whole, { type: 'good', data, fromVersion: STORE_VERSION });
    }
    const withoutSum = bytes.toString().replace(/,\n"sha256":"[0-9a-f]{64}"\}\n$/, '}\n');
    assert.deepEqual(parseStoreText(Buffer.from(withoutSum), STORE_FORMAT), lines);
  });

  test('a store with one line twice, or a key twice, is not opened in another way than before', () => {
    const bytes = formatStoreText(storeOf(3), new WeakMap()).toString();
    const [, , second = ''] = bytes.split('\n');
    const twice = bytes.replace(second, `${second}\n${second}`);
    assert.equal(parseStoreText(Buffer.from(twice), STORE_FORMAT).type, 'damaged');
    const more = bytes.replace('"settings":', '"settings":{},\n"settings":');
    assert.equal(parseStoreText(Buffer.from(more), STORE_FORMAT).type, 'damaged');
  });

  test('a store that was edited by hand is refused by name when an id or a MAC address is there twice', async () => {
    await withDirectory(async (directory) => {
      const data = storeOf(3);
      const [first, second] = data.hosts;
      assert.ok(first !== undefined && second !== undefined);
      await byHand(join(directory, 'a'), { ...data, hosts: [first, { ...second, id: first.id }] });
      assert.match(
        await refusal(join(directory, 'a')),
        new RegExp(`two hosts have the id ${first.id}`),
      );
      await byHand(join(directory, 'b'), {
        ...data,
        hosts: [first, { ...second, mac: first.mac }],
      });
      assert.match(
        await refusal(join(directory, 'b')),
        new RegExp(`two hosts have the MAC address ${first.mac}`),
      );
      await byHand(join(directory, 'c'), { ...data, groups: [...data.groups, ...data.groups] });
      assert.match(await refusal(join(directory, 'c')), /two groups have the id/);
      await byHand(join(directory, 'd'), data);
      await (await Store.open(join(directory, 'd'))).close();
    });
  });
});
