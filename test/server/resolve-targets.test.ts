import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Group } from '../../lib/model/group.ts';
import type { Host } from '../../lib/model/host.ts';
import { GroupId } from '../../lib/model/ids.ts';
import { groupFinder, hostFinder } from '../../server/lookup.ts';
import { resolveTargets } from '../../server/resolve-targets.ts';
import { emptyStore } from '../../server/store/schema.ts';
import { makeTask } from '../../server/tasks/create-task.ts';
import { sampleHost } from './store/sample-data.ts';

type Room = { readonly hosts: Host[]; readonly groups: Group[] };

/** Hosts, each in a group of its own, and how often something of any of them was read. */
function countedRoom(size: number): Room & { readonly reads: () => number } {
  let reads = 0;
  const counted = <T extends object>(record: T): T =>
    new Proxy(record, {
      get: (of, key): unknown => {
        reads += 1;
        return Reflect.get(of, key);
      },
    });
  const groupOf = (index: number): GroupId =>
    GroupId.parse(`group-${String(index).padStart(10, '0')}`);
  const numbers = Array.from({ length: size }, (_, index) => index);
  return {
    hosts: numbers.map((each) => counted({ ...sampleHost(each), groupId: groupOf(each) })),
    groups: numbers.map((each) =>
      counted({ id: groupOf(each), name: `room-${each}`, createdAt: '2026-12-01T11:00:00.000Z' }),
    ),
    reads: () => reads,
  };
}

/** How many times more is read when four times as many are named among four times as many. */
function growth(
  act: (room: Room, references: string[]) => void,
  by: (host: Host) => string,
): number {
  const readsOf = (size: number): number => {
    const room = countedRoom(size);
    const references = Array.from({ length: size }, (_, index) => by(sampleHost(index)));
    const before = room.reads();
    act(room, references);
    return room.reads() - before;
  };
  return readsOf(400) / readsOf(100);
}

const REFERENCES: Record<string, (host: Host) => string> = {
  id: ({ id }) => id,
  name: ({ name }) => name.toUpperCase(),
  MAC: ({ mac }) => mac,
  group: ({ name }) => name.replace('pc-', 'ROOM-'),
};

describe('many references are found in time that grows as their number', () => {
  for (const [kind, by] of Object.entries(REFERENCES)) {
    test(`resolving four times as many targets by ${kind} reads four times as much, not sixteen times`, () => {
      const times = growth((room, targets) => {
        assert.equal(resolveTargets(room, targets).length, targets.length);
      }, by);
      assert.ok(times < 6, `${times} times as much`);
    });
    test(`making a task for four times as many targets by ${kind} reads four times as much, not sixteen times`, () => {
      const times = growth((room, targets) => {
        const request = {
          targets,
          disk: { type: 'only' as const },
          operations: [{ type: 'shutdown' as const, mode: 'power-off' as const }],
        };
        const data = { ...emptyStore(), ...room };
        for (const host of data.hosts) host.approval = 'approved';
        const task = makeTask(data, request, { createdBy: 'eva', now: 0 });
        assert.equal(task.runs.length, targets.length);
      }, by);
      assert.ok(times < 6, `${times} times as much`);
    });
  }

  test('finding four times as many hosts and groups for one change reads four times as much', () => {
    const hosts = growth(
      (room, names) => void names.map(hostFinder(room.hosts)),
      ({ name }) => name,
    );
    const groups = growth(
      (room, names) => void names.map(groupFinder(room.groups)),
      ({ name }) => name.replace('pc-', 'room-'),
    );
    assert.ok(hosts < 6 && groups < 6, `${hosts} and ${groups} times as much`);
  });
});
