import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LatestValue } from '../../cli/latest-value.ts';
import { watchStatus } from '../../cli/watch.ts';
import { connectOperator } from '../../lib/client/operator-client.ts';
import { exitStatusOf, toReport } from '../../lib/errors.ts';
import { BROKEN_OFF, type ConnectionEnd } from '../../lib/protocol/connection-end.ts';
import { sampleStatus } from '../support/servers.ts';
import { withSmallServer } from './small-server.ts';

describe('watching the server', () => {
  test('watching the server gives up with exit status 7 when a lost server stays away', async () => {
    await withSmallServer(
      { 'status.watch': () => Promise.resolve(sampleStatus([])) },
      async (server) => {
        const lost: ConnectionEnd[] = [];
        const watching = watchStatus({
          connect: (onStatus) =>
            connectOperator({ socketPath: server.socketPath, operator: 'test', onStatus }),
          onStatus: async () => {
            await server.close();
            return false;
          },
          onLost: (end) => lost.push(end),
          onBack: () => assert.fail('nobody is there'),
          signal: new AbortController().signal,
          reconnection: { attempts: 3, intervalMs: 1 },
        });
        const report = await watching.then(
          () => assert.fail('it must not end well'),
          (error: unknown) => toReport(error),
        );
        assert.equal(report.code, 'connection-lost');
        assert.equal(exitStatusOf(report), 7);
        assert.deepEqual(lost, [BROKEN_OFF]);
      },
    );
  });

  test('watching the server can be interrupted while the server is away', async () => {
    await withSmallServer(
      { 'status.watch': () => Promise.resolve(sampleStatus([])) },
      async (server) => {
        const leaving = new AbortController();
        const end = await watchStatus({
          connect: (onStatus) =>
            connectOperator({ socketPath: server.socketPath, operator: 'test', onStatus }),
          onStatus: async () => {
            await server.close();
            return false;
          },
          onLost: () => leaving.abort(),
          onBack: () => undefined,
          signal: leaving.signal,
          reconnection: { attempts: 1000, intervalMs: 60_000 },
        });
        assert.equal(end, 'interrupted');
      },
    );
  });

  test('watching the server skips what is outdated', async () => {
    const latest = new LatestValue<number>();
    latest.put(1);
    latest.put(2);
    assert.equal(await latest.take(), 2);
    const waiting = latest.take();
    latest.put(3);
    assert.equal(await waiting, 3);
    latest.close();
    assert.equal(await latest.take(), undefined);
  });
});
