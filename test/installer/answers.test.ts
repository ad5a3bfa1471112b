import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Password, readAnswersFile } from '../../installer/answers.ts';

const HASH = `$2b$12$${'a'.repeat(53)}`;

async function withAnswers(
  answers: unknown,
  use: (file: string, directory: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-answers-'));
  try {
    const file = join(directory, 'answers.json');
    const text = JSON.stringify(answers).replaceAll('DIRECTORY', directory);
    await writeFile(file, text);
    await use(file, directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe('a file of answers', () => {
  test('a file of answers says some of the answers', async () => {
    await withAnswers({ formatVersion: 1, httpPort: 8080 }, async (file) => {
      assert.deepEqual(await readAnswersFile(file), { httpPort: 8080 });
    });
  });

  test('a file of answers has the password as a hash, or names a file that only root reads', async () => {
    const hashed = { name: 'anna', passwordHash: HASH };
    await withAnswers({ formatVersion: 1, operator: hashed }, async (file) => {
      const { operator } = await readAnswersFile(file);
      assert.deepEqual(operator, { name: 'anna', secret: { type: 'hash', hash: HASH } });
    });
    const named = { name: 'anna', passwordFile: 'DIRECTORY/password' };
    await withAnswers({ formatVersion: 1, operator: named }, async (file, directory) => {
      const password = join(directory, 'password');
      await assert.rejects(readAnswersFile(file), /reading the password/);
      await writeFile(password, 'korrekt-pferd\n', { mode: 0o600 });
      const { operator } = await readAnswersFile(file);
      assert.deepEqual(operator?.secret, { type: 'password', password: 'korrekt-pferd' });
      await chmod(password, 0o640);
      await assert.rejects(readAnswersFile(file), /others may read it/);
      await chmod(password, 0o600);
      await writeFile(password, 'short\n');
      await assert.rejects(readAnswersFile(file), /reading the password/);
    });
  });

  test('a file of answers never has a password in clear, nor anything that is not known', async () => {
    const operator = { name: 'anna', password: 'korrekt-pferd' };
    await withAnswers({ formatVersion: 1, operator }, async (file) => {
      await assert.rejects(readAnswersFile(file), /reading the answers/);
    });
    await withAnswers({ formatVersion: 1, htpPort: 80 }, async (file) => {
      await assert.rejects(readAnswersFile(file), /reading the answers/);
    });
    await withAnswers({ formatVersion: 2 }, async (file) => {
      await assert.rejects(readAnswersFile(file), /reading the answers/);
    });
  });
});

describe('a password', () => {
  test('a password has all of its bytes counted: 72 of them, not characters', () => {
    assert.ok(Password.safeParse('x'.repeat(72)).success);
    assert.ok(!Password.safeParse('x'.repeat(73)).success);
    assert.ok(Password.safeParse('ü'.repeat(36)).success);
    assert.ok(!Password.safeParse('ü'.repeat(37)).success);
    assert.ok(!Password.safeParse('seven77').success);
    assert.ok(!Password.safeParse('with\u0007bell').success);
  });
});
