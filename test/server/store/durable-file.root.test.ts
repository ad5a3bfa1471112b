import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { OperatorError } from '../../../lib/errors.ts';
import type { ErrorCode } from '../../../lib/model/error-treatment.ts';
import { run } from '../../../lib/exec/run.ts';
import { newGroupId } from '../../../server/ids.ts';
import { DurableFile } from '../../../server/store/durable-file.ts';
import { STORE_FORMAT, STORE_VERSION, type StoreData } from '../../../server/store/schema.ts';
import {
  formatStoreText,
  parseStoreText,
  type StoreFormat,
} from '../../../server/store/store-text.ts';
import { Store } from '../../../server/store/store.ts';
import { withPowerCut } from './file-systems.ts';
import { withDirectory } from '../../support/directories.ts';

/** Makes a store with two groups, one write each. */
async function fillStore(directory: string): Promise<StoreData> {
  const store = await Store.open(directory);
  for (const name of ['first', 'second']) {
    await store.change((draft) => {
      draft.groups.push({ id: newGroupId(), name, createdAt: '2026-11-21T07:00:00.000Z' });
    });
  }
  const data = store.read();
  await store.close();
  return data;
}

/** Names, times and contents of all files but the note on who holds the lock. */
async function snapshot(directory: string): Promise<unknown[]> {
  const names = (await readdir(directory)).filter((name) => name !== 'lock-holder').sort();
  return Promise.all(
    names.map(async (name) => {
      const { mtimeMs, ino } = await stat(join(directory, name));
      return { name, mtimeMs, ino, content: await readFile(join(directory, name), 'utf8') };
    }),
  );
}

/** Opening must fail with `code` and change nothing. */
async function refusal(directory: string, code: ErrorCode): Promise<OperatorError> {
  const before = await snapshot(directory);
  const error = await Store.open(directory).then(
    () => assert.fail('the store was opened'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof OperatorError);
  assert.equal(error.code, code);
  assert.deepEqual(await snapshot(directory), before);
  return error;
}

/** Does what the hint says, then the store must have what it had before the last change. */
async function takeBack(directory: string, { hint }: OperatorError): Promise<void> {
  assert.match(hint, /store\.json\.previous/);
  const command = /run: (.*)$/.exec(hint)?.[1];
  assert.ok(command !== undefined, hint);
  await run('sh', ['-ec', command]);
  const store = await Store.open(directory);
  assert.deepEqual(
    store.read().groups.map(({ name }) => name),
    ['first'],
  );
  await store.close();
}

describe('a store whose file was lost or damaged', () => {
  test('a store whose file was lost or damaged is refused when the file is gone, and says how to take the last good copy back', async () => {
    await withDirectory(async (parent) => {
      const directory = join(parent, "it's a directory");
      await fillStore(directory);
      await rm(join(directory, 'store.json'));
      await takeBack(directory, await refusal(directory, 'store-damaged'));
    });
  });

  test('a store whose file was lost or damaged is refused when the file is gone and only the mark or only the copy tells of it', async () => {
    for (const left of ['initialised', 'store.json.previous']) {
      await withDirectory(async (directory) => {
        await fillStore(directory);
        for (const name of await readdir(directory)) {
          if (name !== left) await rm(join(directory, name));
        }
        await refusal(directory, 'store-damaged');
      });
    }
  });

  test('a store whose file was lost or damaged is refused when the file was cut off, and says how to take the last good copy back', async () => {
    await withDirectory(async (directory) => {
      await fillStore(directory);
      const { size } = await stat(join(directory, 'store.json'));
      await truncate(join(directory, 'store.json'), size - 10);
      await takeBack(directory, await refusal(directory, 'store-damaged'));
    });
  });

  test('a store whose file was lost or damaged is refused when one bit is wrong, and says how to take the last good copy back', async () => {
    await withDirectory(async (directory) => {
      await fillStore(directory);
      const path = join(directory, 'store.json');
      const text = await readFile(path, 'latin1');
      await writeFile(path, text.replace('second', 'secood'), 'latin1');
      const error = await refusal(directory, 'store-damaged');
      assert.match(String(error.cause), /SHA-256/);
      await takeBack(directory, error);
    });
  });

  test('a store whose file was lost or damaged is refused when it is valid JSON but no store', async () => {
    await withDirectory(async (directory) => {
      await fillStore(directory);
      await writeFile(join(directory, 'store.json'), '{"schemaVersion":1,"hosts":{}}');
      const error = await refusal(directory, 'store-damaged');
      assert.match(String(error.cause), /hosts/);
    });
  });

  test('a store whose file was lost or damaged says so when the copy is damaged too', async () => {
    await withDirectory(async (directory) => {
      await fillStore(directory);
      await writeFile(join(directory, 'store.json'), '');
      await writeFile(join(directory, 'store.json.previous'), '{}');
      const { hint } = await refusal(directory, 'store-damaged');
      assert.match(hint, /no good copy .* from a backup/);
    });
  });

  test('a store whose file was lost or damaged is read when a person has edited it and left the sum out', async () => {
    await withDirectory(async (directory) => {
      await fillStore(directory);
      const path = join(directory, 'store.json');
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace('second', 'third').replace(/,\n"sha256".*$/s, '}'));
      const store = await Store.open(directory);
      assert.equal(store.read().groups[1]?.name, 'third');
      await store.close();
    });
  });
});

describe('the text of the store', () => {
  test('the text of the store is JSON, and the same again after it was read', async () => {
    await withDirectory(async (directory) => {
      const data = await fillStore(directory);
      const bytes = formatStoreText(data, new WeakMap());
      assert.deepEqual(await readFile(join(directory, 'store.json')), bytes);
      assert.match(bytes.toString(), /^"sha256":"[0-9a-f]{64}"\}\n$/m);
      assert.partialDeepStrictEqual(JSON.parse(bytes.toString()), data);
      const result = parseStoreText(bytes, STORE_FORMAT);
      assert.deepEqual(result, { type: 'good', data, fromVersion: STORE_VERSION });
    });
  });

  test('the text of the store is never taken for good with any bit flipped', async () => {
    await withDirectory(async (directory) => {
      const bytes = formatStoreText(await fillStore(directory), new WeakMap());
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(parseStoreText(flipped, STORE_FORMAT).type, 'damaged', `bit ${bit}`);
      }
    });
  });

  test('the text of the store is never taken for good when it is cut off', async () => {
    await withDirectory(async (directory) => {
      const bytes = formatStoreText(await fillStore(directory), new WeakMap());
      for (let length = 0; length < bytes.length; length += 1) {
        assert.equal(
          parseStoreText(bytes.subarray(0, length), STORE_FORMAT).type,
          'damaged',
          `${length} bytes`,
        );
      }
    });
  });
});

describe('a store of another version', () => {
  const Version3 = z.strictObject({
    schemaVersion: z.literal(3),
    hosts: z.array(z.strictObject({ name: z.string(), rooms: z.array(z.string()) })),
  });
  const Version1 = z.object({ names: z.array(z.string()) });
  const Version2 = z.object({ hosts: z.array(z.object({ name: z.string() })) });
  const THREE: StoreFormat<z.infer<typeof Version3>> = {
    version: 3,
    schema: Version3,
    migrations: new Map([
      [
        1,
        (old) => ({
          schemaVersion: 2,
          hosts: Version1.parse(old).names.map((name) => ({ name })),
        }),
      ],
      [
        2,
        (old) => ({
          schemaVersion: 3,
          hosts: Version2.parse(old).hosts.map(({ name }) => ({ name, rooms: [] })),
        }),
      ],
    ]),
  };
  const ONE: StoreFormat<object> = {
    version: 1,
    schema: Version1,
    migrations: new Map(),
  };

  test('a store of another version is refused and left alone when it is newer', async () => {
    await withDirectory(async (directory) => {
      await fillStore(directory);
      const file = new DurableFile(directory, ONE);
      const newer = STORE_VERSION + 1;
      await file.write({ schemaVersion: newer, names: ['pc-1'] });
      const error = await refusal(directory, 'store-newer');
      const said = `it has version ${newer}, this program knows version ${STORE_VERSION}`;
      assert.ok(error.message.includes(said), error.message);
    });
  });

  test('a store of another version is migrated step by step when it is older, and the old file is kept', async () => {
    await withDirectory(async (directory) => {
      await new DurableFile(directory, ONE).write({ schemaVersion: 1, names: ['pc-1', 'pc-2'] });
      const old = await readFile(join(directory, 'store.json'));
      const migrated = {
        schemaVersion: 3,
        hosts: [
          { name: 'pc-1', rooms: [] },
          { name: 'pc-2', rooms: [] },
        ],
      };
      for (let round = 0; round < 2; round += 1) {
        assert.deepEqual(await new DurableFile(directory, THREE).read(), migrated);
        assert.deepEqual(await readFile(join(directory, 'store.json.version-1')), old);
      }
      const result = parseStoreText(await readFile(join(directory, 'store.json')), THREE);
      assert.deepEqual(result, { type: 'good', data: migrated, fromVersion: 3 });
    });
  });

  test('a store of another version is migrated however large it has become, and becomes no larger', async () => {
    await withDirectory(async (directory) => {
      const names = Array.from({ length: 100 }, (_, index) => `pc-${index}`);
      await new DurableFile(directory, ONE).write({ schemaVersion: 1, names });
      const file = new DurableFile(directory, THREE, 1000);
      const read = (await file.read()) ?? assert.fail();
      assert.equal(read.hosts.length, names.length);
      const more = { ...read, hosts: [...read.hosts, { name: 'pc-100', rooms: [] }] };
      await assert.rejects(file.write(more), { code: 'store-write-failed' });
      await file.write({ ...read, hosts: read.hosts.slice(1) });
    });
  });

  test('a store of another version is refused and left alone when its migration fails or is missing', async () => {
    await withDirectory(async (directory) => {
      await new DurableFile(directory, ONE).write({ schemaVersion: 1, names: 'not a list' });
      const before = await snapshot(directory);
      const withoutRow: typeof THREE = { ...THREE, migrations: new Map() };
      for (const format of [THREE, withoutRow]) {
        await assert.rejects(new DurableFile(directory, format).read(), { code: 'store-damaged' });
        assert.deepEqual(await snapshot(directory), before);
      }
    });
  });
});

describe('a write of the store', () => {
  test('a write of the store has reached the disk when it says so, and the one before is kept', async () => {
    await withPowerCut(async (directory, cutPower) => {
      for (const number of [1, 2, 3]) {
        await new DurableFile(directory, NUMBERS).write({ schemaVersion: 1, number });
        await cutPower();
        assert.deepEqual(await new DurableFile(directory, NUMBERS).read(), {
          schemaVersion: 1,
          number,
        });
      }
      const previous = await readFile(join(directory, 'store.json.previous'));
      assert.deepEqual(parseStoreText(previous, NUMBERS), {
        type: 'good',
        data: { schemaVersion: 1, number: 2 },
        fromVersion: 1,
      });
    });
  });

  test('a write of the store goes over what a killed one left behind', async () => {
    await withDirectory(async (directory) => {
      const file = new DurableFile(directory, NUMBERS);
      await file.write({ schemaVersion: 1, number: 1 });
      await writeFile(join(directory, 'store.json.incoming'), 'half a st', { mode: 0o644 });
      await run('ln', [
        join(directory, 'store.json'),
        join(directory, 'store.json.previous.incoming'),
      ]);
      await file.write({ schemaVersion: 1, number: 2 });
      assert.deepEqual(await readdir(directory), [
        'initialised',
        'store.json',
        'store.json.previous',
      ]);
      assert.equal((await stat(join(directory, 'store.json'))).mode & 0o777, 0o600);
    });
  });
});

const NUMBERS: StoreFormat<{ schemaVersion: 1; number: number }> = {
  version: 1,
  schema: z.strictObject({ schemaVersion: z.literal(1), number: z.number() }),
  migrations: new Map(),
};
