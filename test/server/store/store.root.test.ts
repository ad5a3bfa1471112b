import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ZodError } from 'zod';
import { OperatorError } from '../../../lib/errors.ts';
import type { Group } from '../../../lib/model/group.ts';
import { newGroupId } from '../../../server/ids.ts';
import { systemCodeOf } from '../../../server/store/durable-write.ts';
import { parseStoreText } from '../../../server/store/store-text.ts';
import { STORE_FORMAT, type StoreData } from '../../../server/store/schema.ts';
import { Store } from '../../../server/store/store.ts';
import { withPowerCut, withTmpfs } from './file-systems.ts';
import { sampleHost } from './sample-data.ts';
import { withDirectory } from '../../support/directories.ts';

function newGroup(name: string): Group {
  return { id: newGroupId(), name, createdAt: '2026-11-21T07:00:00.000Z' };
}

async function namesOnDisk(path: string): Promise<string[]> {
  const result = parseStoreText(await readFile(path), STORE_FORMAT);
  assert.equal(result.type, 'good');
  return groupNames(result.data);
}

function groupNames(data: StoreData): string[] {
  return data.groups.map(({ name }) => name);
}

describe('the store', () => {
  test('the store knows after a restart what was changed before', async () => {
    await withDirectory(async (directory) => {
      const first = await Store.open(directory);
      await first.change((draft) => draft.hosts.push(sampleHost(1)));
      await first.change((draft) => draft.groups.push(newGroup('room 1')));
      await first.close();
      const second = await Store.open(directory);
      assert.deepEqual(second.read().hosts, [sampleHost(1)]);
      assert.deepEqual(groupNames(second.read()), ['room 1']);
      await second.close();
    });
  });

  test('the store has a file that only its owner can read', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(join(directory, 'data'));
      await store.change((draft) => draft.groups.push(newGroup('room 1')));
      await store.close();
      for (const [name, mode] of [
        ['.', 0o700],
        ['store.json', 0o600],
        ['store.json.previous', 0o600],
      ] as const) {
        const { mode: found } = await stat(join(directory, 'data', name));
        assert.equal((found & 0o777).toString(8), mode.toString(8), name);
      }
    });
  });

  test('the store shows a change only when it is durable', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const change = store.change((draft) => draft.groups.push(newGroup('room 1')));
      assert.deepEqual(groupNames(store.read()), []);
      await change;
      assert.deepEqual(groupNames(store.read()), ['room 1']);
      assert.deepEqual(await namesOnDisk(join(directory, 'store.json')), ['room 1']);
      await store.close();
    });
  });

  test('the store hands out data that cannot be changed behind its back', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const mine = newGroup('room 1');
      await store.change((draft) => draft.groups.push(mine));
      const before = store.read();
      assert.throws(() => (mine.name = 'room 2'), TypeError);
      assert.throws(() => before.groups.push(newGroup('room 3')), TypeError);
      await store.change((draft) => draft.groups.push(newGroup('room 4')));
      assert.deepEqual(groupNames(before), ['room 1']);
      assert.equal(store.read().groups[0], before.groups[0], 'unchanged records are shared');
      await store.close();
    });
  });

  test('the store answers with records where a mutator answers with drafts', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      await store.change((draft) => draft.groups.push(newGroup('a'), newGroup('b')));
      const answer = await store.change((draft) => {
        const [first] = draft.groups;
        if (first !== undefined) first.name = 'c';
        return { all: draft.groups.filter(({ name }) => name !== 'x'), first };
      });
      assert.deepEqual(
        answer.all.map(({ name }) => name),
        ['c', 'b'],
      );
      assert.equal(answer.first, store.read().groups[0]);
      assert.equal(answer.all[1], store.read().groups[1]);
      await store.close();
    });
  });

  test('the store makes nothing of a change whose mutator throws, and all of its neighbours', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const outcomes = await Promise.allSettled([
        store.change((draft) => draft.groups.push(newGroup('first'))),
        store.change((draft) => {
          draft.groups.push(newGroup('half done'));
          const [first] = draft.groups;
          if (first !== undefined) first.name = 'spoiled';
          throw new Error('no');
        }),
        store.change((draft) => {
          draft.groups.push(newGroup('third'));
          return groupNames(draft);
        }),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.deepEqual(groupNames(store.read()), ['first', 'third']);
      await store.close();
    });
  });

  test('the store refuses a mutator that is asynchronous', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const change = store.change((draft) => {
        draft.groups.push(newGroup('room 1'));
        return Promise.resolve();
      });
      await assert.rejects(change, /must be synchronous/);
      assert.deepEqual(groupNames(store.read()), []);
      await store.close();
    });
  });

  test('the store never writes a record that it could not read again', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      await assert.rejects(
        store.change((draft) => draft.groups.push(newGroup(''))),
        ZodError,
      );
      await store.change((draft) => draft.groups.push(newGroup('room 1')));
      await assert.rejects(
        store.change((draft) => {
          const [group] = draft.groups;
          if (group !== undefined) group.createdAt = 'yesterday';
        }),
        ZodError,
      );
      await store.close();
      const again = await Store.open(directory);
      assert.deepEqual(groupNames(again.read()), ['room 1']);
      await again.close();
    });
  });

  test('the store writes changes that are asked for together in one go, in their order', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const numbers = Array.from({ length: 100 }, (_, index) => index);
      const counts = await Promise.all(
        numbers.map((number) =>
          store.change((draft) => draft.groups.push(newGroup(String(number)))),
        ),
      );
      assert.deepEqual(
        counts,
        numbers.map((number) => number + 1),
      );
      assert.deepEqual(await namesOnDisk(join(directory, 'store.json')), numbers.map(String));
      assert.deepEqual(await namesOnDisk(join(directory, 'store.json.previous')), []);
      await store.close();
    });
  });

  test('the store writes nothing when nothing changes', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const before = await stat(join(directory, 'store.json'));
      assert.equal(await store.change((draft) => draft.groups.length), 0);
      assert.equal((await stat(join(directory, 'store.json'))).ino, before.ino);
      await store.close();
    });
  });

  test('the store finishes what was asked for when it is closed, and takes no more', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const change = store.change((draft) => draft.groups.push(newGroup('room 1')));
      await store.close();
      assert.deepEqual(await namesOnDisk(join(directory, 'store.json')), ['room 1']);
      assert.equal(await change, 1);
      await assert.rejects(
        store.change((draft) => draft.groups.length),
        /closed/,
      );
    });
  });

  test('the store takes back all changes of a write that fails, and goes on when there is room again', async () => {
    await withTmpfs(256 * 1024, async (directory) => {
      const store = await Store.open(directory);
      await store.change((draft) => draft.groups.push(newGroup('kept')));
      const batch = [
        store.change((draft) => draft.groups.push(newGroup('small'))),
        store.change((draft) => {
          for (let index = 0; index < 200; index += 1) draft.hosts.push(sampleHost(index));
        }),
      ];
      await Promise.all(
        batch.map((change) =>
          assert.rejects(change, (error) => {
            assert.ok(error instanceof OperatorError);
            assert.equal(error.code, 'store-write-failed');
            assert.equal(error.message, `writing the store ${directory}/store.json`);
            assert.equal(systemCodeOf(error.cause), 'ENOSPC');
            assert.match(error.hint, /Make room/);
            return true;
          }),
        ),
      );
      assert.deepEqual(groupNames(store.read()), ['kept']);
      assert.deepEqual(await namesOnDisk(join(directory, 'store.json')), ['kept']);
      await store.change((draft) => draft.groups.push(newGroup('later')));
      await store.close();
      const again = await Store.open(directory);
      assert.deepEqual(groupNames(again.read()), ['kept', 'later']);
      await again.close();
    });
  });

  test('the store still has what it acknowledged when the power goes at once', async () => {
    await withPowerCut(async (directory, cutPower) => {
      const data = join(directory, 'data');
      for (let round = 0; round < 3; round += 1) {
        const store = await Store.open(data);
        assert.equal(store.read().hosts.length, round * 50);
        for (let index = 0; index < 50; index += 1) {
          await store.change((draft) => draft.hosts.push(sampleHost(round * 50 + index)));
        }
        await store.close();
        await cutPower();
      }
    });
  });
});
