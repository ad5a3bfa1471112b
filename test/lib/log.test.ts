import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../lib/exec/run.ts';

test('a log line says message, causes and place of an error that is a bug', async () => {
  const { stdout } = await run(process.execPath, [
    '--input-type=module-typescript',
    '--eval',
    `import { openLog } from ${JSON.stringify(new URL('../../lib/log.ts', import.meta.url).href)};
     const log = openLog('info');
     const error = new TypeError('x is not a function', { cause: new Error('deep down') });
     log.error({ event: 'fault', error }, 'answering');
     log.info({ event: 'run-ended', error: { code: 'cancelled' } });
     log.warn({ event: 'offline', error: 'gone' });
     log.debug({ event: 'unseen' });`,
  ]);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  assert.equal(lines.length, 3);
  assert.match(stdout, /"event":"fault".*x is not a function: deep down/);
  assert.match(stdout, /"stack":"TypeError: /);
  assert.match(stdout, /"error":\{"code":"cancelled"\}/);
  assert.match(stdout, /"error":"gone"/);
  assert.match(stdout, /"time":"\d{4}-\d\d-\d\dT[0-9:.]+Z"/);
});
