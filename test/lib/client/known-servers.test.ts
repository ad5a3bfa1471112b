import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  knownFingerprint,
  parseServer,
  rememberServer,
} from '../../../lib/client/known-servers.ts';
import { withDirectory } from '../../support/directories.ts';

const ONE = { host: 'cloner', port: 7077 };
const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');

describe('known servers', () => {
  test('known servers are kept by host and port, for this user alone, and others stay', async () => {
    await withDirectory(async (directory) => {
      const path = join(directory, 'openclone/known-servers.json');
      assert.equal(await knownFingerprint(path, ONE), null);
      const other = { host: 'fe80::1', port: 7078 };
      await rememberServer(path, ONE, FINGERPRINT);
      await rememberServer(path, other, FINGERPRINT.replaceAll('AB', 'CD'));
      assert.equal(await knownFingerprint(path, ONE), FINGERPRINT);
      assert.equal(await knownFingerprint(path, other), FINGERPRINT.replaceAll('AB', 'CD'));
      assert.equal(await knownFingerprint(path, { ...ONE, port: 7079 }), null);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.equal((await stat(join(directory, 'openclone'))).mode & 0o777, 0o700);
      assert.match(await readFile(path, 'utf8'), /"\[fe80::1\]:7078"/);
    });
  });

  for (const text of ['', '{}', '{"formatVersion":2,"servers":{}}', 'no JSON']) {
    test(`known servers are not taken for none when the file is "${text}"`, async () => {
      await withDirectory(async (directory) => {
        const path = join(directory, 'known-servers.json');
        await writeFile(path, text);
        await assert.rejects(knownFingerprint(path, ONE), { code: 'bad-argument' });
        await assert.rejects(rememberServer(path, ONE, FINGERPRINT), { code: 'bad-argument' });
        assert.equal(await readFile(path, 'utf8'), text);
      });
    });
  }
});

describe('a server is named', () => {
  for (const [text, host, port] of [
    ['cloner', 'cloner', 7077],
    ['Cloner.Schule.DE:80', 'cloner.schule.de', 80],
    ['10.0.0.1:65535', '10.0.0.1', 65_535],
    ['[fe80::1]', 'fe80::1', 7077],
    ['[2001:db8::1]:99', '2001:db8::1', 99],
  ] as const) {
    test(`a server is named as ${text}`, () => {
      assert.deepEqual(parseServer(text, 7077), { host, port });
    });
  }

  for (const text of ['', ':80', 'a:0', 'a:65536', 'a b', 'fe80::1', '[x]', 'a:80:90']) {
    test(`a server is named never as "${text}"`, () => {
      assert.throws(() => parseServer(text, 7077), { code: 'bad-argument' });
    });
  }
});
