import assert from 'node:assert/strict';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { openAliveFile } from '../../engine/alive-file.ts';
import { problemOf } from '../../engine/console/connection-problem.ts';
import type { Connection } from '../../engine/console/state.ts';
import { OperatorError } from '../../lib/errors.ts';

function offline(error: unknown): Connection {
  const problem = error === null ? null : problemOf(error, '10.77.0.1:7077');
  return { type: 'offline', since: 0, attempts: 1, problem };
}

function answer(code: 'not-allowed' | 'unauthorized' | 'protocol-mismatch'): OperatorError {
  return new OperatorError({ code, message: 'logging on', hint: 'See the server.' });
}

test('The file says again and again that the engine lives, and whether a new start of the host would help.', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] });
  t.after(() => mock.timers.reset());
  const directory = await mkdtemp(join(tmpdir(), 'openclone-alive-'));
  t.after(() => rm(directory, { recursive: true }));
  const path = join(directory, 'alive');
  const read = async (): Promise<string> => (await readFile(path, 'utf8')).trim();
  const alive = openAliveFile(path);
  assert.equal(await read(), 'offline 1');
  mock.timers.tick(4000);
  assert.equal(await read(), 'offline 2');
  for (const [connection, word] of [
    [{ type: 'online' }, 'online'],
    [offline(null), 'offline'],
    [offline(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })), 'offline'],
    // Another certificate or engine: a new start fetches the one that fits.
    [offline(answer('unauthorized')), 'offline'],
    [offline(answer('protocol-mismatch')), 'offline'],
    [offline(answer('not-allowed')), 'told'],
    [{ type: 'online' }, 'online'],
  ] as const satisfies [Connection, string][]) {
    const before = await read();
    alive.note(connection);
    assert.equal((await read()).split(' ')[0], word);
    assert.notEqual(await read(), before);
  }
  // Its path may lead nowhere later; a shorter text leaves nothing of a longer one.
  await rename(path, `${path}.away`);
  mock.timers.tick(4000);
  assert.match(await readFile(`${path}.away`, 'utf8'), /^online \d+ +\n$/);
});
