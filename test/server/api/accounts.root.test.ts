import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { compare, hash } from 'bcrypt';
import { z } from 'zod';
import { withServer, type RunningServer } from '../running-server.ts';

const EVA = { name: 'eva', password: 'Schöne Größe 1' };
const TOM = { name: 'tom', password: 'correct horse' };

/** The hash that the store has of an operator. */
async function storedHash(server: RunningServer, name: string): Promise<string> {
  const text = await readFile(join(server.directory, 'data/store.json'), 'utf8');
  const { operators } = z
    .object({ operators: z.array(z.object({ name: z.string(), passwordHash: z.string() })) })
    .parse(JSON.parse(text));
  const found = operators.find((account) => account.name === name);
  assert.ok(found !== undefined, `no ${name} in the store`);
  return found.passwordHash;
}

describe("operators' accounts", () => {
  test("operators' accounts are added with a password, listed by name without its hash, and deleted", async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await call('operator.add', TOM);
      const added = await call('operator.add', EVA);
      assert.deepEqual(Object.keys(added).toSorted(), ['createdAt', 'name']);
      const listed = await call('operator.list', {});
      assert.deepEqual(
        listed.map((operator) => Object.values(operator).length),
        [2, 2],
      );
      assert.deepEqual(
        listed.map(({ name }) => name),
        ['eva', 'tom'],
      );
      const kept = await storedHash(server, 'eva');
      assert.match(kept, /^\$2b\$12\$/);
      assert.ok(await compare(EVA.password, kept));
      await call('operator.delete', { name: 'eva' });
      assert.deepEqual(
        (await call('operator.list', {})).map(({ name }) => name),
        ['tom'],
      );
    });
  });

  test("operators' accounts get a new password, after which the old one verifies no more", async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await call('operator.add', EVA);
      await call('operator.password', { name: 'eva', password: TOM.password });
      const kept = await storedHash(server, 'eva');
      assert.deepEqual(
        [await compare(TOM.password, kept), await compare(EVA.password, kept)],
        [true, false],
      );
      await assert.rejects(call('operator.password', TOM), { code: 'not-found' });
    });
  });

  test("operators' accounts keep the last one, and names are taken once, also when two come at a time", async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const both = await Promise.allSettled([call('operator.add', EVA), call('operator.add', EVA)]);
      assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
      await assert.rejects(call('operator.add', EVA), { code: 'name-taken' });
      await assert.rejects(call('operator.delete', { name: 'eva' }), { code: 'not-allowed' });
      await assert.rejects(call('operator.delete', { name: 'tom' }), { code: 'not-found' });
    });
  });

  test("operators' accounts hash an umlaut the same however the keyboard composes it", async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await call('operator.add', { name: 'eva', password: EVA.password.normalize('NFD') });
      assert.ok(await compare(EVA.password.normalize('NFC'), await storedHash(server, 'eva')));
    });
  });

  for (const [what, password] of [
    ['shorter than 8 characters', 'seven77'],
    ['with 7 letters of 4 bytes each', '𝔞𝔟𝔠𝔡𝔢𝔣𝔤'],
    ['of 73 bytes', 'x'.repeat(73)],
    ['of 37 umlauts, which are 74 bytes', 'ö'.repeat(37)],
    ['that is the name', 'Operator-1'],
    ['with a newline', 'password\nmore'],
    ['with a NUL', 'password\u0000more'],
    ['with half a character', 'password\ud800'],
  ] as const) {
    test(`operators' accounts refuse a password ${what}, without repeating it`, async () => {
      await withServer(async (server) => {
        const { call } = await server.operator();
        await assert.rejects(call('operator.add', { name: 'operator-1', password }), (error) => {
          assert.ok(error instanceof Error && 'code' in error);
          assert.equal(error.code, 'bad-argument');
          if (what !== 'that is the name') assert.ok(!error.message.includes(password));
          return true;
        });
        assert.deepEqual(await call('operator.list', {}), []);
      });
    });
  }

  test("operators' accounts take a password of exactly 72 bytes and one of exactly 8 characters", async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await call('operator.add', { name: 'eva', password: 'ö'.repeat(36) });
      await call('operator.add', { name: 'tom', password: '12345678' });
      assert.ok(await compare('ö'.repeat(36), await storedHash(server, 'eva')));
    });
  });

  test("operators' accounts take a bcrypt hash as it is, $2a$ as the $2b$ that it equals", async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const made = await hash(TOM.password, 10);
      await call('operator.add', { name: 'eva', passwordHash: made });
      await call('operator.add', { name: 'tom', passwordHash: made.replace('$2b$', '$2a$') });
      assert.deepEqual(
        [await storedHash(server, 'eva'), await storedHash(server, 'tom')],
        [made, made],
      );
      assert.ok(await compare(TOM.password, await storedHash(server, 'tom')));
    });
  });

  for (const [what, passwordHash] of [
    ['$2y$, which bcrypt of npm verifies never', `$2y$12$${'a'.repeat(53)}`],
    ['of another kind', `$6$salt$${'a'.repeat(86)}`],
    ['cut short', `$2b$12$${'a'.repeat(52)}`],
    ['of cost 4', `$2b$04$${'a'.repeat(53)}`],
    ['of cost 31, which would take days', `$2b$31$${'a'.repeat(53)}`],
  ] as const) {
    test(`operators' accounts refuse a hash ${what}`, async () => {
      await withServer(async (server) => {
        const { call } = await server.operator();
        const adding = call('operator.add', { name: 'eva', passwordHash });
        await assert.rejects(adding, { code: 'bad-argument' });
        assert.deepEqual(await call('operator.list', {}), []);
      });
    });
  }

  test("operators' accounts leave neither password nor hash in the log, not even when a call is refused", async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      await call('operator.add', EVA);
      await call('operator.password', { name: 'eva', password: TOM.password });
      await assert.rejects(call('operator.add', { ...EVA, name: 'Bad Name' }));
      await assert.rejects(call('operator.add', { name: 'tom', password: 'secret\u0007bell' }));
      const kept = await storedHash(server, 'eva');
      const log = JSON.stringify(server.captured.lines);
      assert.match(log, /operator-added.*eva/);
      for (const secret of [EVA.password, TOM.password, 'secret', kept]) {
        assert.ok(!log.includes(secret), `${secret} is in the log`);
      }
    });
  });
});
