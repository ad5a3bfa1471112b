/** A host is the machine that it was at first: told by its serial number, until an operator accepts another one. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toReport } from '../../../lib/errors.ts';
import type { HostView } from '../../../lib/model/host.ts';
import { FORGET_MS, OtherMachines, TELLING_PACE } from '../../../server/hosts/other-machines.ts';
import { MacAddress } from '../../../lib/model/names.ts';
import { captureLog } from '../captured-log.ts';
import { sampleHost } from '../store/sample-data.ts';
import { Rarely } from '../../../server/net/rarely.ts';
import { withServer, type RunningServer } from '../running-server.ts';
import { type TestEngine } from '../test-engine.ts';
import { plan } from '../../support/run-events.ts';
import { captureTask } from '../../support/task-requests.ts';

/** A machine that says it is host number 1. */
async function machine(server: RunningServer, serial: string | null): Promise<TestEngine> {
  const engine = await server.engine(1);
  engine.systemInfo.systemSerial = serial;
  return engine;
}

/** Registers and logs on, over a new connection. */
async function comes(server: RunningServer, serial: string | null): Promise<TestEngine> {
  const engine = await machine(server, serial);
  await engine.logon(await engine.register());
  return engine;
}

async function shown(server: RunningServer): Promise<HostView> {
  const { call } = await server.operator();
  return call('host.show', { host: 'host-525400000001' });
}

async function told(server: RunningServer): Promise<unknown[]> {
  const { call } = await server.operator();
  const entries = await call('log.watch', {});
  return entries.map(({ event }) => event).filter(({ type }) => type === 'other-machine-refused');
}

/** It does not say the number that is missing: a stranger would only have to repeat it. */
const REFUSED = (error: unknown): boolean => {
  const { code, message, hint } = toReport(error);
  assert.equal(code, 'not-allowed');
  assert.doesNotMatch(message + hint, /SN1/);
  return true;
};

const JUNK = [
  null,
  '',
  '0',
  '00000000',
  'FFFFFFFF',
  'To be filled by O.E.M.',
  'Default string',
  'System Serial Number',
  'None',
  '123456789',
  'xxxxxxxx',
  'Not Specified',
  '................',
];

describe('a machine that has told its serial number', () => {
  for (const [what, serial] of [
    ['none', null],
    ['a filling', 'To Be Filled By O.E.M.'],
    ['zeros', '0000000'],
    ['another one', 'ROGUE'],
  ] as const) {
    test(`a machine that has told its serial number is not one that tells ${what}, neither at registering nor at logon`, async () => {
      await withServer(async (server) => {
        const { hostId } = await server.readyEngine(1);
        const rogue = await machine(server, serial);
        await assert.rejects(rogue.register(), REFUSED);
        await assert.rejects(rogue.logon(hostId), REFUSED);
        // Nothing of it is taken over, and the real machine comes as before.
        assert.equal((await shown(server)).systemInfo?.systemSerial, 'SN1');
        assert.equal(await rogue.peer.call('nextOperation', {}).catch(() => 'refused'), 'refused');
        assert.equal(await (await machine(server, 'SN1')).register(), hostId);
      });
    });
  }

  test('a machine that has told its serial number may have told a filling before, which is nobody', async () => {
    for (const serial of JUNK) {
      await withServer(async (server) => {
        (await comes(server, serial)).peer.close('end.done');
        (await comes(server, 'SN1')).peer.close('end.done');
        await assert.rejects(comes(server, serial), { code: 'not-allowed' }, String(serial));
      });
    }
  });
});

describe('operators', () => {
  test('operators are told of a refused machine and its address, once, and see it with the host', async () => {
    await withServer(async (server) => {
      await server.readyEngine(1);
      for (let index = 0; index < 50; index += 1) {
        await assert.rejects((await machine(server, `ROGUE${index}`)).register());
      }
      const expected = {
        type: 'other-machine-refused',
        host: 'host-525400000001',
        address: '127.0.0.1',
        serialNumber: 'ROGUE0',
        expected: 'SN1',
      };
      assert.deepEqual(await told(server), [expected]);
      const lines = server.captured.lines.filter(({ event }) => event === expected.type);
      assert.equal(lines.length, 1);
      const { otherMachines = [] } = await shown(server);
      assert.deepEqual(
        otherMachines.map(({ address, serialNumber }) => [address, serialNumber]),
        [['127.0.0.1', 'ROGUE49']],
      );
    });
  });

  test('operators accept the machine that was refused, and then it is the only one', async () => {
    await withServer(async (server) => {
      const before = await server.readyEngine(1);
      await assert.rejects(comes(server, 'SN2'), { code: 'not-allowed' });
      const { call } = await server.operator();
      const accepted = await call('host.acceptMachine', { host: before.hostId });
      assert.equal(accepted.systemInfo?.systemSerial, 'SN2');
      assert.equal(accepted.otherMachines, undefined);
      assert.equal((await before.peer.closed).why.id, 'end.other-machine');
      await comes(server, 'SN2');
      await assert.rejects(comes(server, 'SN1'), { code: 'not-allowed' });
    });
  });

  test('operators get the host back for the machine it belongs to when a stranger registered it first', async () => {
    await withServer(async (server) => {
      await server.setAutomaticRegistration(false);
      const stranger = await comes(server, 'ROGUE');
      await assert.rejects(comes(server, 'SN1'), { code: 'not-allowed' });
      assert.equal((await told(server)).length, 1);
      const { call } = await server.operator();
      await call('host.acceptMachine', { host: 'host-525400000001' });
      await stranger.peer.closed;
      await comes(server, 'SN1');
      await assert.rejects(comes(server, 'ROGUE'), { code: 'not-allowed' });
    });
  });

  test('operators say which one when there are several, or before it has come', async () => {
    await withServer(async (server) => {
      const { hostId, peer } = await server.readyEngine(1);
      const { call } = await server.operator();
      await assert.rejects(call('host.acceptMachine', { host: hostId }), { code: 'not-allowed' });
      await call('host.acceptMachine', { host: hostId, serialNumber: 'SN7' });
      await peer.closed;
      await comes(server, 'SN7');
    });
  });

  test('operators do not take a host away from work that is under way', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      const { call } = await server.operator();
      await assert.rejects(comes(server, 'SN2'));
      await call(
        'task.create',
        captureTask({
          host: engine.hostId,
          disk: { type: 'only' },
          imageName: 'win11',
          compression: 'zstd',
          afterwards: null,
        }),
      );
      const { runId } = await engine.nextWork();
      await engine.report(runId, 1, plan('read-disk'));
      await assert.rejects(call('host.acceptMachine', { host: engine.hostId }), {
        code: 'not-allowed',
        message: /unfinished work/,
      });
    });
  });
});

test('A machine that was refused is forgotten when it has not come again for a quarter of an hour.', () => {
  let now = 0;
  const { log } = captureLog();
  const others = new OtherMachines({
    log,
    clock: () => now,
    tell: () => undefined,
    onChanged: () => undefined,
  });
  const host = { ...sampleHost(1), hasOwnAddress: true };
  const info = host.systemInfo ?? assert.fail('no description');
  const comes = (end: number): void =>
    assert.throws(() =>
      others.refuseForeign(host, info, {
        address: `10.0.0.${end}`,
        hardware: MacAddress.parse(`52:54:00:aa:00:0${end}`),
        isRouted: false,
        proof: null,
      }),
    );
  const known = (): unknown => others.of(host.id)?.map(({ address }) => address);
  comes(1);
  now = FORGET_MS - 1;
  comes(2);
  assert.deepEqual(known(), ['10.0.0.1', '10.0.0.2']);
  assert.equal(others.of(host.id), others.of(host.id));
  now = FORGET_MS;
  assert.deepEqual(known(), ['10.0.0.2']);
  now = 2 * FORGET_MS;
  assert.equal(known(), undefined);
});

describe('what strangers can bring about is told', () => {
  test('what strangers can bring about is told: the same thing rarely, different things together at most so often', () => {
    let now = 0;
    const rarely = new Rarely(TELLING_PACE, () => now);
    const { burst, refillMs, sameMs } = TELLING_PACE;
    const passed = (): number =>
      Array.from({ length: 10_000 }, (_, index) => rarely.mayPass(`${now} ${index}`)).filter(
        (may) => may,
      ).length;
    assert.equal(passed(), burst);
    assert.equal(passed(), 0);
    now += refillMs;
    assert.equal(passed(), 1);
    now += sameMs * 1000;
    assert.equal(passed(), burst);
  });

  test('what strangers can bring about is told again after its time', () => {
    let now = 0;
    const rarely = new Rarely({ sameMs: 1000, burst: 10, refillMs: 100 }, () => now);
    assert.deepEqual(
      [rarely.mayPass('a'), rarely.mayPass('a'), rarely.mayPass('b')],
      [true, false, true],
    );
    now = 1000;
    assert.equal(rarely.mayPass('a'), true);
  });
});
