import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { newRunId } from '../../../server/ids.ts';
import { operationEnded, plan, started } from '../../support/run-events.ts';
import { withRoom } from '../sample-room.ts';

describe('the data of a run', () => {
  test('the data of a run is opened by its own token while its operation is under way, and by nothing else', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      await room.addImage();
      const capture = await room.capture(1, 'other');
      const deploy = await room.deploy([2]);
      const waiting = room.run(capture, 1).id;
      const refused = { code: 'unauthorized', message: 'opening the image data of a run' };
      const open = (...args: Parameters<typeof room.work.dataAccess.authorize>): unknown =>
        room.work.dataAccess.authorize(...args);
      assert.throws(() => open(waiting, room.tokens.tokenOf(waiting, null), ['capture']), refused);

      const engine = await room.connect(1);
      const { runId, token } = await engine.nextWork();
      const other = await (await room.connect(2)).nextWork();
      assert.equal(other.runId, room.run(deploy, 2).id);
      assert.doesNotThrow(() => open(runId, token, ['capture']));
      assert.doesNotThrow(() => open(other.runId, other.token, ['deploy']));
      assert.throws(() => open(runId, token, ['deploy']), refused);
      assert.throws(() => open(runId, other.token, ['capture']), refused);
      assert.throws(() => open(runId, '', ['capture']), refused);
      assert.throws(() => open(runId, `${token}0`, ['capture']), refused);
      assert.throws(() => open(runId, token.toUpperCase(), ['capture']), refused);
      assert.throws(() => open(newRunId(), token, ['capture']), refused);

      await engine.report(runId, operationEnded('failed', { code: 'disk-busy' }));
      assert.throws(() => open(runId, token, ['capture']), refused);
    });
  });

  test('the data of an interrupted run stays open to the engine that had it, as long as that may come back', async () => {
    await withRoom({ graceMs: 10 }, async (room) => {
      const capture = await room.capture(1);
      const engine = await room.connect(1);
      const { runId, token } = await engine.nextWork();
      await engine.report(runId, plan('capture-p1'), started('capture-p1'));
      const open = (): unknown => room.work.dataAccess.authorize(runId, token, ['capture']);
      room.disconnect(engine);
      await room.ended(runId);
      assert.equal(room.run(capture, 1).state, 'interrupted');
      assert.doesNotThrow(open);
      room.clockIsAheadMs = 3_700_000;
      assert.throws(open, { code: 'unauthorized' });
      room.clockIsAheadMs = 0;
      // Another start of the engine has it now.
      const next = await room.connect(1);
      assert.equal((await next.nextWork()).runId, runId);
      assert.throws(open, { code: 'unauthorized' });
    });
  });

  test('the data of a run that was interrupted and cancelled is closed', async () => {
    await withRoom({}, async (room) => {
      await room.capture(1);
      const engine = await room.connect(1);
      const { runId, token } = await engine.nextWork();
      await engine.report(runId, plan('capture-p1'), started('capture-p1'));
      room.disconnect(engine);
      await room.work.cancel(runId, 'eva');
      assert.throws(() => room.work.dataAccess.authorize(runId, token, ['capture']), {
        code: 'unauthorized',
      });
    });
  });

  test('the data of a run has another token on every server', async () => {
    await withRoom({}, async (room) => {
      const id = newRunId();
      const token = room.tokens.tokenOf(id, null);
      await room.restart();
      assert.equal(room.tokens.tokenOf(id, null), token);
      await rm(join(room.directory, 'data/run-token.key'));
      await room.restart();
      assert.notEqual(room.tokens.tokenOf(id, null), token);
    });
  });
});
