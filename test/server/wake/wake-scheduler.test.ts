import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Host } from '../../../lib/model/host.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import {
  WakeScheduler,
  type ExpectedBoot,
  type WakeTiming,
} from '../../../server/wake/wake-scheduler.ts';
import { captureLog } from '../captured-log.ts';
import { sampleHost } from '../store/sample-data.ts';

const TIMING: WakeTiming = {
  staggerMs: 200,
  repeatMs: 20_000,
  packets: 3,
  packetsWithoutReply: 2,
  keepMs: 3_600_000,
};

type Desk = {
  readonly wakeScheduler: WakeScheduler;
  readonly hosts: readonly Host[];
  readonly expectedBoots: Map<HostId, ExpectedBoot>;
  /** "MILLISECONDS pc-N", one for each packet. */
  readonly sent: string[];
  readonly events: () => string[];
  /** Lets time pass, 100 ms at a time. */
  readonly pass: (ms: number) => Promise<void>;
  /** From now on the kernel refuses to send. */
  readonly breakNetwork: () => void;
};

/** A wake scheduler of `count` hosts with work on a clock that the test moves. */
async function withDesk(
  context: TestContext,
  count: number,
  use: (desk: Desk) => Promise<void>,
): Promise<void> {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const hosts = Array.from({ length: count }, (_, index) => sampleHost(index + 1));
  const expectedBoots = new Map<HostId, ExpectedBoot>(hosts.map(({ id }) => [id, 'engine']));
  const captured = captureLog();
  const sent: string[] = [];
  let now = 0;
  let isBroken = false;
  const wakeScheduler = new WakeScheduler({
    log: captured.log,
    hostOf: (hostId) => hosts.find(({ id }) => id === hostId),
    expectedBootOf: (hostId) => expectedBoots.get(hostId) ?? 'unknown',
    subnets: () => [{ networkAddress: '10.77.0.0', prefixLength: 24, serverAddress: '10.77.0.1' }],
    send: (packet, { broadcastAddress }) => {
      if (isBroken) return Promise.reject(new Error('bind EADDRNOTAVAIL 10.77.0.1'));
      assert.equal(broadcastAddress, '10.77.0.255');
      const mac = packet.subarray(6, 12).toString('hex');
      const host = hosts.find((each) => each.mac.replaceAll(':', '') === mac);
      sent.push(`${now} ${host?.name ?? mac}`);
      return Promise.resolve();
    },
    onChanged: () => undefined,
    timing: TIMING,
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setImmediate(done));
  };
  const pass = async (ms: number): Promise<void> => {
    await settle();
    for (let passed = 0; passed < ms; passed += 100) {
      now += 100;
      context.mock.timers.tick(100);
      await settle();
    }
  };
  await use({
    wakeScheduler,
    hosts,
    expectedBoots,
    sent,
    events: () => captured.lines.map(({ event }) => event),
    pass,
    breakNetwork: () => (isBroken = true),
  });
  wakeScheduler.close();
}

describe('hosts with work', () => {
  test('hosts with work are woken one after the other, again and again, and are missing in the end', async (t) => {
    await withDesk(t, 3, async ({ wakeScheduler, hosts, sent, pass, events }) => {
      assert.deepEqual(wakeScheduler.wake(hosts), hosts);
      await pass(1000);
      assert.deepEqual(sent, ['0 pc-1', '200 pc-2', '400 pc-3']);
      await pass(59_000);
      assert.deepEqual(sent.slice(3), [
        '20000 pc-1',
        '20200 pc-2',
        '20400 pc-3',
        '40000 pc-1',
        '40200 pc-2',
        '40400 pc-3',
      ]);
      await pass(1000);
      assert.deepEqual(
        wakeScheduler.wakes.map(({ hostName, state, packets }) => [hostName, state, packets]),
        [
          ['pc-1', 'missing', 3],
          ['pc-2', 'missing', 3],
          ['pc-3', 'missing', 3],
        ],
      );
      await pass(60_000);
      assert.equal(sent.length, 9);
      assert.equal(events().filter((event) => event === 'wake-missing').length, 3);
    });
  });

  test('hosts with work get no more packets when their engine is there, and are not missing later', async (t) => {
    await withDesk(t, 2, async ({ wakeScheduler, hosts, expectedBoots, sent, pass, events }) => {
      wakeScheduler.wake(hosts);
      await pass(1000);
      expectedBoots.set(sampleHost(1).id, 'on');
      assert.deepEqual(
        wakeScheduler.wakes.map(({ hostName }) => hostName),
        ['pc-2'],
      );
      await pass(100_000);
      assert.deepEqual(
        sent.filter((line) => line.endsWith('pc-1')),
        ['0 pc-1'],
      );
      expectedBoots.set(sampleHost(1).id, 'disk');
      assert.deepEqual(
        wakeScheduler.wakes.map(({ hostName, state }) => [hostName, state]),
        [['pc-2', 'missing']],
      );
      assert.ok(events().includes('wake-missing'));
    });
  });

  test('hosts with work that come after all are missing no longer, also when they go off again', async (t) => {
    await withDesk(t, 1, async ({ wakeScheduler, hosts, expectedBoots, pass }) => {
      wakeScheduler.wake(hosts);
      await pass(61_000);
      assert.equal(wakeScheduler.wakes[0]?.state, 'missing');
      expectedBoots.set(sampleHost(1).id, 'on');
      wakeScheduler.forgetArrived();
      expectedBoots.set(sampleHost(1).id, 'disk');
      assert.deepEqual(wakeScheduler.wakes, []);
    });
  });

  test('hosts with work whose work is cancelled, or which are deleted, get no more packets', async (t) => {
    await withDesk(t, 2, async ({ wakeScheduler, hosts, expectedBoots, sent, pass, events }) => {
      wakeScheduler.wake(hosts);
      await pass(1000);
      expectedBoots.set(sampleHost(1).id, 'disk');
      expectedBoots.delete(sampleHost(2).id);
      await pass(100_000);
      assert.equal(sent.length, 2);
      assert.deepEqual(wakeScheduler.wakes, []);
      assert.ok(!events().includes('wake-missing'));
    });
  });

  test('hosts with work that are on are left alone; woken twice, they get the packets of one', async (t) => {
    await withDesk(t, 2, async ({ wakeScheduler, hosts, expectedBoots, sent, pass }) => {
      expectedBoots.set(sampleHost(1).id, 'on');
      assert.deepEqual(
        wakeScheduler.wake(hosts).map(({ name }) => name),
        ['pc-2'],
      );
      await pass(10_000);
      wakeScheduler.wake(hosts);
      await pass(100_000);
      assert.deepEqual(sent, ['0 pc-2', '10000 pc-2', '30000 pc-2', '50000 pc-2']);
    });
  });

  test('hosts with work cannot be reached without a network: the reason is told once and shown', async (t) => {
    await withDesk(t, 1, async ({ wakeScheduler, hosts, pass, events, breakNetwork }) => {
      breakNetwork();
      wakeScheduler.wake(hosts);
      await pass(61_000);
      assert.match(wakeScheduler.wakes[0]?.error ?? '', /EADDRNOTAVAIL/);
      assert.equal(events().filter((event) => event === 'wake-send').length, 1);
    });
  });
});

test('a host without work gets a few packets, and nobody says that it did not come', async (t) => {
  await withDesk(t, 1, async ({ wakeScheduler, hosts, expectedBoots, sent, pass, events }) => {
    expectedBoots.set(sampleHost(1).id, 'disk');
    wakeScheduler.wake(hosts);
    await pass(100_000);
    assert.deepEqual(sent, ['0 pc-1', '20000 pc-1']);
    assert.equal(wakeScheduler.wakes[0]?.state, 'sent');
    assert.ok(!events().includes('wake-missing'));
    await pass(3_600_000 - 80_000);
    assert.deepEqual(wakeScheduler.wakes, []);
  });
});

test('a server that stops sends nothing more', async (t) => {
  await withDesk(t, 3, async ({ wakeScheduler, hosts, sent, pass }) => {
    wakeScheduler.wake(hosts);
    await pass(100);
    wakeScheduler.close();
    await pass(60_000);
    assert.deepEqual(sent, ['0 pc-1']);
  });
});
