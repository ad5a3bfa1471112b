/** A server that goes away and comes back. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startSmallServer, withSocketPath } from '../cli/small-server.ts';
import { withDriver } from './driver.ts';
import { roomHandlers } from './room-handlers.ts';
import { sampleRoom } from './sample-room.ts';

describe('the connection', () => {
  test('the connection: a server that goes away leaves a banner and the last data, and is found again', async () => {
    await withSocketPath(async (socketPath) => {
      const handlers = roomHandlers(sampleRoom(0.4));
      const first = await startSmallServer(socketPath, handlers);
      await withDriver({ socketPath }, async (driver) => {
        await driver.waitFor('deploy win11 to room-1');
        await first.close();
        const text = (await driver.waitFor('No connection for')).join('\n');
        assert.match(text, /deploy win11 to room-1/);
        const second = await startSmallServer(socketPath, handlers);
        try {
          await driver.waitFor((lines) => !lines.join().includes('No connection'));
        } finally {
          await second.close();
        }
      });
    });
  });
});
