import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Components } from '../../server/components.ts';
import { captureLog } from './captured-log.ts';

describe('Components', () => {
  test('Components: parts are stopped in the reverse of the order in which they started', async () => {
    const done: string[] = [];
    const components = new Components(captureLog().log);
    for (const name of ['store', 'work', 'ports']) {
      const part = await components.start({
        name,
        start: () => (done.push(`start ${name}`), name),
        stop: (each) => void done.push(`stop ${each}`),
      });
      assert.equal(part, name);
    }
    await components.stop();
    await components.stop();
    assert.deepEqual(done, [
      'start store',
      'start work',
      'start ports',
      'stop ports',
      'stop work',
      'stop store',
    ]);
  });

  test('Components: a part that cannot be stopped is in the log, and those before it are stopped all the same', async () => {
    const captured = captureLog();
    const components = new Components(captured.log);
    const stopped: string[] = [];
    const stop = (name: string): void => {
      stopped.push(name);
    };
    await components.start({ name: 'first', start: () => 'first', stop });
    const broken = (): never => assert.fail('stuck');
    await components.start({ name: 'second', start: () => 'second', stop: broken });
    await components.stop();
    assert.deepEqual(stopped, ['first']);
    assert.equal(captured.lines.find(({ event }) => event === 'fault')?.component, 'second');
  });
});
