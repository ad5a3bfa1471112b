import { verbatim } from '../../../lib/model/messages/table.ts';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Host } from '../../../lib/model/host.ts';
import { MacAddress } from '../../../lib/model/names.ts';
import { Settings } from '../../../lib/model/settings.ts';
import { Run, RunState, Task } from '../../../lib/model/task.ts';
import { bootChoices, type BootChoice } from '../../../lib/rules/boot-choice.ts';
import { emptyStore, type StoreData } from '../../../server/store/schema.ts';
import { sampleHost } from '../store/sample-data.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');
const UP = { hasBuild: true, isServing: true, now: NOW };
const HALF_WRITTEN = halfWritten();

function halfWritten(): NonNullable<Host['halfWritten']> {
  const runId = Run.shape.id.parse('run-0000000001');
  return { runId, disk: '/dev/sda', since: '2026-11-21T07:00:00.000Z' };
}

function taskOf(
  host: Host,
  state: RunState,
  operationIndex = 0,
  operations: Task['operations'] = [
    { type: 'capture', disk: { type: 'only' }, imageName: 'win11', compression: 'zstd' },
    { type: 'shutdown', mode: 'reboot' },
  ],
): Task {
  const id = 'task-0000000001';
  return Task.parse({
    id,
    title: verbatim('capture'),
    createdAt: '2026-11-21T07:00:00.000Z',
    createdBy: 'eva',
    operations,
    wake: false,
    waits: { since: '2026-11-21T07:00:00.000Z', until: '2026-11-22T07:00:00.000Z' },
    runs: [
      {
        id: 'run-0000000001',
        taskId: id,
        hostId: host.id,
        state,
        operationIndex,
        disk: null,
        diskOutcome: null,
        sessionId: null,
        startedAt: null,
        endedAt: null,
        steps: [],
        error: null,
        eventSequence: 0,
        missedSessions: 0,
        cancelRequested: false,
      },
    ],
  });
}

function storeOf(change: Partial<StoreData>, automaticRegistration = false): StoreData {
  return { ...emptyStore(), settings: Settings.parse({ automaticRegistration }), ...change };
}

/** What the host with this address boots. */
function choiceFor(data: StoreData, mac: MacAddress, state = UP): BootChoice {
  const { byMac, others } = bootChoices(data, state);
  return byMac.get(mac) ?? others;
}

describe('a host boots', () => {
  const host = sampleHost(1);
  const rows: readonly (readonly [what: string, Partial<Host>, RunState | null, BootChoice])[] = [
    ['the engine while its run is waiting', {}, 'waiting', 'engine'],
    ['the engine while its run is under way', {}, 'running', 'engine'],
    ['its disk when its run is completed', {}, 'completed', 'disk'],
    ['its disk when its run is completed with warnings', {}, 'warned', 'disk'],
    ['its disk when its run has failed', {}, 'failed', 'disk'],
    ['its disk when its run was aborted', {}, 'aborted', 'disk'],
    ['its disk when its run was interrupted long ago', {}, 'interrupted', 'disk'],
    ['its disk when it never had work', {}, null, 'disk'],
    ['the engine when a disk is half written', { halfWritten: HALF_WRITTEN }, 'failed', 'engine'],
    ['its disk while it waits for approval', { approval: 'pending' }, 'waiting', 'disk'],
    ['the engine with a shell when asked for', { debugShell: true }, 'waiting', 'engine-debug'],
    ['its disk all the same when a shell was asked for', { debugShell: true }, null, 'disk'],
  ];
  for (const [what, change, state, expected] of rows) {
    for (const automatic of [true, false]) {
      test(`a host boots: ${what}, automatic registration ${automatic ? 'on' : 'off'}`, () => {
        const hosts = [{ ...host, ...change }];
        const tasks = state === null ? [] : [taskOf(host, state)];
        const data = storeOf({ hosts, tasks }, automatic);
        assert.equal(choiceFor(data, host.mac), expected);
        // When the server stops, hosts with work wait for it in the engine.
        assert.equal(choiceFor(data, host.mac, { ...UP, isServing: false }), expected);
        assert.equal(choiceFor(data, host.mac, { ...UP, hasBuild: false }), 'disk');
      });
    }
  }

  test('a host boots: its disk when the time of its work is over, though nobody has ended that yet', () => {
    const data = storeOf({ hosts: [host], tasks: [taskOf(host, 'waiting')] });
    const until = Date.parse('2026-11-22T07:00:00.000Z');
    for (const isServing of [true, false]) {
      const at = (now: number): BootChoice => choiceFor(data, host.mac, { ...UP, isServing, now });
      assert.deepEqual([at(until - 1), at(until)], ['engine', 'disk']);
    }
  });

  test('a host boots: its disk once only the reboot of its run is left, so that the reboot leads there', () => {
    const task = taskOf(host, 'running', 1);
    assert.equal(choiceFor(storeOf({ hosts: [host], tasks: [task] }), host.mac), 'disk');
    // Somebody who shuts a host down that is off wants it to come and be shut down.
    const shutdown = taskOf(host, 'waiting', 0, [{ type: 'shutdown', mode: 'power-off' }]);
    assert.equal(choiceFor(storeOf({ hosts: [host], tasks: [shutdown] }), host.mac), 'engine');
  });

  test('a host boots: the engine for an hour after its run was interrupted, while the server runs and it has no later work', () => {
    const cutOff = (change: Partial<Run> = {}): Task => {
      const task = taskOf(host, 'interrupted');
      const endedAt = new Date(NOW - 3_599_000).toISOString();
      const runs = task.runs.map((run) => ({ ...run, startedAt: endedAt, endedAt, ...change }));
      return { ...task, runs };
    };
    const choice = (tasks: Task[], state = UP): BootChoice =>
      choiceFor(storeOf({ hosts: [host], tasks }), host.mac, state);
    assert.equal(choice([cutOff()]), 'engine');
    assert.equal(choice([cutOff()], { ...UP, now: NOW + 1000 }), 'disk');
    // Nobody takes the file back then.
    assert.equal(choice([cutOff()], { ...UP, isServing: false }), 'disk');
    assert.equal(choice([cutOff({ cancelRequested: true })]), 'disk');
    assert.equal(choice([cutOff({ restarts: 2 })]), 'disk');
    assert.equal(choice([cutOff({ operationIndex: 1 })]), 'disk');
    assert.equal(choice([cutOff(), taskOf(host, 'completed')]), 'disk');
  });

  test('a host boots: the engine when another of its runs is waiting', () => {
    const tasks = [taskOf(host, 'completed'), taskOf(host, 'waiting')];
    assert.equal(choiceFor(storeOf({ hosts: [host], tasks }), host.mac), 'engine');
  });

  test('a host boots: the same by each of its adapters, but one that another host is known by is that one’s', () => {
    const second = MacAddress.parse('52:54:00:ff:00:01');
    const other = sampleHost(2);
    const { systemInfo } = host;
    assert.ok(systemInfo !== null);
    const [adapter] = systemInfo.interfaces;
    assert.ok(adapter !== undefined);
    const interfaces = [adapter, { ...adapter, mac: second }, { ...adapter, mac: other.mac }];
    const wired = { ...host, systemInfo: { ...systemInfo, interfaces } };
    for (const hosts of [
      [wired, other],
      [other, wired],
    ]) {
      const data = storeOf({ hosts, tasks: [taskOf(host, 'waiting')] }, true);
      assert.equal(choiceFor(data, second), 'engine');
      assert.equal(choiceFor(data, other.mac), 'disk');
    }
  });
});

describe('what is known of a host’s own disk', () => {
  const signature = '1b2e3f40';
  const knowing = (host: Host, of = signature): Host => {
    const { systemInfo } = host;
    assert.ok(systemInfo !== null);
    const disks = systemInfo.disks.map((disk) => ({
      ...disk,
      bootSector: { signature: of, hasCode: true },
    }));
    return { ...host, systemInfo: { ...systemInfo, disks } };
  };
  const one = knowing(sampleHost(1));

  test('what is known of a host’s own disk goes into a file of its own, with and without a build, whether unknown hosts are taken in or not', () => {
    for (const state of [UP, { ...UP, hasBuild: false }, { ...UP, isServing: false }]) {
      for (const automatic of [true, false]) {
        const { byMac, disks } = bootChoices(storeOf({ hosts: [one] }, automatic), state);
        assert.equal(byMac.get(one.mac), 'disk');
        assert.equal(disks.get(one.mac)?.own?.diskSignature, signature);
      }
    }
  });

  test('what is known of a host’s own disk is there while the host has work, for the start after it', () => {
    const data = storeOf({ hosts: [one], tasks: [taskOf(one, 'waiting')] });
    const { byMac, disks } = bootChoices(data, UP);
    assert.equal(byMac.get(one.mac), 'engine');
    assert.equal(disks.get(one.mac)?.own?.diskSignature, signature);
  });

  test('what is known of a host’s own disk does not count for an adapter that was seen in two hosts', () => {
    const adapter = MacAddress.parse('52:54:00:ff:00:01');
    const [first, second] = [one, knowing(sampleHost(2), '99999999')].map((host) => {
      const { systemInfo } = host;
      assert.ok(systemInfo !== null);
      const [own] = systemInfo.interfaces;
      assert.ok(own !== undefined);
      const interfaces = [own, { ...own, mac: adapter }];
      return { ...host, systemInfo: { ...systemInfo, interfaces } };
    });
    assert.ok(first !== undefined && second !== undefined);
    const alone = bootChoices(storeOf({ hosts: [first] }), UP);
    assert.equal(alone.disks.get(adapter)?.own?.diskSignature, signature);
    const both = bootChoices(storeOf({ hosts: [first, second] }), UP);
    assert.equal(both.disks.get(adapter)?.own, null);
    assert.equal(both.disks.get(second.mac)?.own?.diskSignature, '99999999');
  });

  test('what is known of a host’s own disk does not count before somebody has taken the host in', () => {
    const { byMac } = bootChoices(storeOf({ hosts: [{ ...one, approval: 'pending' }] }), UP);
    assert.equal(byMac.size, 0);
  });

  test('what is known of a host’s own disk needs no file where an operator’s choice is that of everybody; any other choice has one', () => {
    const host = sampleHost(1);
    const disksOf = (localBoot: Host['localBoot']): unknown =>
      bootChoices(storeOf({ hosts: [{ ...host, localBoot }] }), UP).disks.get(host.mac);
    assert.equal(disksOf('site'), undefined);
    assert.deepEqual(disksOf('firmware'), { localBoot: 'firmware', own: null });
    assert.deepEqual(disksOf('disk'), { localBoot: 'disk', own: null });
  });
});

describe('unknown hosts boot', () => {
  for (const [automatic, isServing, expected] of [
    [true, true, 'engine'],
    [true, false, 'disk'],
    [false, true, 'disk'],
    [false, false, 'disk'],
  ] as const) {
    test(`unknown hosts boot: ${expected} with automatic registration ${automatic ? 'on' : 'off'}, server ${isServing ? 'up' : 'down'}`, () => {
      const { others } = bootChoices(storeOf({}, automatic), { ...UP, isServing });
      assert.equal(others, expected);
    });
  }
});

test('for every store: nobody without work and nobody pending is led to the engine', () => {
  const anyHost = fc.record({
    pending: fc.boolean(),
    half: fc.boolean(),
    debugShell: fc.boolean(),
    state: fc.option(fc.constantFrom(...RunState.options)),
  });
  fc.assert(
    fc.property(
      fc.array(anyHost, { maxLength: 6 }),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      (kinds, automatic, hasBuild, isServing) => {
        const hosts = kinds.map((kind, index): Host => ({
          ...sampleHost(index + 1),
          approval: kind.pending ? 'pending' : 'approved',
          halfWritten: kind.half ? HALF_WRITTEN : null,
          debugShell: kind.debugShell,
        }));
        const tasks = kinds.flatMap(({ state }, index) => {
          const host = hosts[index];
          return state === null || host === undefined ? [] : [taskOf(host, state)];
        });
        const { byMac, others } = bootChoices(storeOf({ hosts, tasks }, automatic), {
          hasBuild,
          isServing,
          now: NOW,
        });
        for (const [index, { pending, half, state }] of kinds.entries()) {
          const mac = hosts[index]?.mac;
          assert.ok(mac !== undefined);
          const wanted =
            hasBuild && !pending && (half || state === 'waiting' || state === 'running');
          const choice = byMac.get(mac) ?? others;
          assert.equal(choice !== 'disk', wanted);
          // Only the files that are needed.
          assert.equal(byMac.has(mac), hasBuild && (wanted || automatic));
        }
        if (!isServing) assert.equal(others, 'disk');
      },
    ),
  );
});
