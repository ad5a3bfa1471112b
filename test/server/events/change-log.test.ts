/** What operators change is in their log: who it was, and what became of it; every kind of call that changes anything. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunId, TaskId } from '../../../lib/model/ids.ts';
import { JobDefinition } from '../../../lib/model/job.ts';
import { LogEntry, type LogEvent } from '../../../lib/model/log-entry.ts';
import { MacAddress } from '../../../lib/model/names.ts';
import { Settings, SettingsChange } from '../../../lib/model/settings.ts';
import type { Handlers } from '../../../lib/protocol/contract.ts';
import {
  OPERATOR_METHODS,
  type OperatorMethods,
} from '../../../lib/protocol/operator-api/table.ts';
import { newHost } from '../../../server/hosts/new-host.ts';
import { StoreNotes } from '../../../server/events/store-notes.ts';
import { sampleHost } from '../store/sample-data.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { CHANGES_NOTHING, TOLD_AS_TASKS } from './untold-calls.ts';

type Calls = Handlers<OperatorMethods>;

/** Two hosts of which nothing is running, and what the log has of each call of `eva`. */
async function withEva(
  use: (
    calls: Calls,
    told: () => LogEvent[],
    room: Room,
    called: ReadonlySet<string>,
  ) => Promise<void>,
): Promise<void> {
  await withRoom({ hosts: 2 }, async (room) => {
    const notes = new StoreNotes();
    room.store.follow({ made: (change) => notes.add(change), durable: () => Promise.resolve() });
    const called = new Set<string>();
    const calls = new Proxy(room.tasks, {
      get: (all, name: keyof Calls) => {
        called.add(name);
        return all[name];
      },
    });
    const told = (): LogEvent[] => {
      const taken = notes.take();
      // As it is stored and sent.
      for (const event of taken) {
        LogEntry.parse({ number: 1, at: '2026-12-01T11:00:00.000Z', times: 1, event });
      }
      return taken;
    };
    await use(calls, told, room, called);
  });
}

const some = (...names: string[]): { names: string[]; count: number } => ({
  names,
  count: names.length,
});
const by = 'eva';

describe('the log says who changed what', () => {
  test('the log says who changed what of every kind of call that changes anything', async () => {
    await withEva(async (calls, told, room, called) => {
      const [first, second] = room.store.read().hosts;
      assert.ok(first !== undefined && second !== undefined);

      await calls['host.add']({ mac: MacAddress.parse('52:54:00:00:0a:01'), name: 'new' });
      assert.deepEqual(told(), [{ type: 'hosts-added', hosts: some('new'), by }]);

      await calls['host.edit']({ host: first.id, name: 'pc-01' });
      assert.deepEqual(told(), [{ type: 'host-renamed', from: first.name, host: 'pc-01', by }]);

      await calls['group.create']({ name: 'room-1', hosts: [first.id, second.id] });
      assert.deepEqual(told(), [
        { type: 'group-changed', change: 'created', group: 'room-1', from: null, by },
        {
          type: 'hosts-changed',
          hosts: some('pc-01', second.name),
          by,
          changes: [{ field: 'group', to: 'room-1' }],
        },
      ]);
      await calls['group.edit']({ group: 'room-1', name: 'room-2', add: [], remove: ['pc-01'] });
      assert.deepEqual(told(), [
        { type: 'group-changed', change: 'renamed', group: 'room-2', from: 'room-1', by },
        {
          type: 'hosts-changed',
          hosts: some('pc-01'),
          by,
          changes: [{ field: 'group', to: '' }],
        },
      ]);
      await calls['group.delete']({ group: 'room-2' });
      assert.deepEqual(told(), [
        { type: 'group-changed', change: 'deleted', group: 'room-2', from: null, by },
      ]);

      const edits = [
        { host: first.id, name: 'a-1', ipAddress: '10.0.0.1' },
        { host: second.id, name: 'a-2', ipAddress: '10.0.0.2' },
      ];
      await calls['host.editMany']({ changes: edits });
      assert.deepEqual(told(), [
        {
          type: 'hosts-changed',
          hosts: some('a-1', 'a-2'),
          by,
          changes: [{ field: 'name' }, { field: 'ipAddress' }],
        },
      ]);

      await room.store.change(({ hosts }) => {
        const [host] = hosts;
        if (host !== undefined) {
          host.halfWritten = HALF_WRITTEN;
          host.systemInfo = sampleHost(1).systemInfo;
        }
      });
      assert.deepEqual(told(), []);
      await calls['host.clear']({ host: 'a-1' });
      assert.deepEqual(told(), [
        {
          type: 'hosts-changed',
          hosts: some('a-1'),
          by,
          changes: [{ field: 'disk', to: 'complete' }],
        },
      ]);
      await calls['host.acceptMachine']({ host: 'a-1', serialNumber: 'OTHER-1' });
      assert.deepEqual(told(), [
        { type: 'machine-accepted', host: 'a-1', serialNumber: 'OTHER-1', by },
      ]);

      const pending = ['52:54:00:00:0b:01', '52:54:00:00:0b:02'].map((mac) =>
        newHost({ mac: MacAddress.parse(mac), approval: 'pending', name: `p-${mac.slice(-1)}` }),
      );
      await room.store.change(({ hosts }) => void hosts.push(...pending));
      assert.deepEqual(told(), [
        { type: 'hosts-registered', hosts: some('p-1', 'p-2'), isPending: true },
      ]);
      await calls['host.approve']({ hosts: ['p-1'] });
      await calls['host.delete']({ host: 'p-2' });
      await calls['host.delete']({ host: 'p-1' });
      assert.deepEqual(told(), [
        { type: 'hosts-approved', hosts: some('p-1'), by },
        { type: 'hosts-rejected', hosts: some('p-2'), by },
        { type: 'hosts-deleted', hosts: some('p-1'), by },
      ]);

      const image = await room.addImage();
      told();
      await calls['image.rename']({ image: image.id, name: 'other' });
      await calls['image.protect']({ image: 'other', isProtected: true });
      await calls['image.protect']({ image: 'other', isProtected: false });
      await calls['image.delete']({ image: 'other' });
      assert.deepEqual(told(), [
        { type: 'image-renamed', from: image.name, image: 'other', by },
        { type: 'image-protected', image: 'other', isProtected: true, by },
        { type: 'image-protected', image: 'other', isProtected: false, by },
        { type: 'image-deleted', image: 'other', by },
      ]);

      const request = {
        targets: [second.id],
        operations: [{ type: 'shutdown', mode: 'exit' }],
      };
      const definition = JobDefinition.parse({ name: 'evening', request });
      await calls['job.create']({ definition });
      await calls['job.edit']({ job: 'evening', definition: { ...definition, name: 'night' } });
      const task = await calls['job.start']({ job: 'night', values: {} });
      await calls['job.keep']({ task: TaskId.parse(task.id), name: 'kept' });
      await calls['job.edit']({ job: 'kept', definition: { ...definition, name: 'kept' } });
      await calls['job.delete']({ job: 'kept' });
      const jobs = told().flatMap((event) => (event.type === 'job-changed' ? [event] : []));
      assert.deepEqual(
        jobs.map((event) => [event.change, event.job, event.from, event.by].join(' ')),
        [
          'created evening  eva',
          'renamed night evening eva',
          'created kept  eva',
          'changed kept  eva',
          'deleted kept  eva',
        ],
      );

      const password = 'correct horse';
      await calls['operator.add']({ name: 'tom', password });
      await calls['operator.add']({ name: 'ann', password });
      await calls['operator.password']({ name: 'tom', password: `${password} 2` });
      await calls['operator.rename']({ name: 'tom', newName: 'tim' });
      await calls['operator.delete']({ name: 'tim' });
      const operators = told();
      const type = 'operator-changed';
      assert.deepEqual(operators, [
        { type, change: 'added', operator: 'tom', by },
        { type, change: 'added', operator: 'ann', by },
        { type, change: 'password', operator: 'tom', by },
        { type, change: 'renamed', operator: 'tim', by },
        { type, change: 'deleted', operator: 'tim', by },
      ]);
      assert.doesNotMatch(JSON.stringify(operators), /correct|\$2[aby]\$/);

      await calls['settings.set']({ idleMinutes: 31, checkAddresses: false });
      assert.deepEqual(told(), [
        {
          type: 'settings-changed',
          by,
          changes: [
            { setting: 'idleMinutes', to: '31' },
            { setting: 'checkAddresses', to: 'off' },
          ],
        },
      ]);

      const all = Object.keys(OPERATOR_METHODS);
      const untold = all.filter(
        (name) => !CHANGES_NOTHING.has(name) && !TOLD_AS_TASKS.has(name) && !called.has(name),
      );
      assert.deepEqual(untold, []);
    });
  });

  test('the log says who changed what of every field of a host that operators set, with what it is now', async () => {
    await withEva(async (calls, told, room) => {
      const [host] = room.store.read().hosts;
      assert.ok(host !== undefined);
      const { shape } = OPERATOR_METHODS['host.edit'].params;
      const values = {
        mac: MacAddress.parse('52:54:00:00:0c:01'),
        serialNumber: 'INV-7',
        ipAddress: '10.9.9.9',
        debugShell: true,
        localBoot: 'firmware',
      } as const;
      assert.deepEqual(
        new Set(Object.keys(shape)),
        new Set(['host', 'name', 'group', ...Object.keys(values)]),
      );
      for (const [field, value] of Object.entries(values)) {
        await calls['host.edit']({ host: host.id, [field]: value });
        const to = value === true ? 'on' : value;
        assert.deepEqual(told(), [
          { type: 'hosts-changed', hosts: some(host.name), changes: [{ field, to }], by },
        ]);
      }
      // What is asked for, and is so already, is no change.
      await calls['host.edit']({ host: host.id, ...values });
      assert.deepEqual(told(), []);
    });
  });

  test('the log says who changed what of every setting', async () => {
    await withEva(async (calls, told) => {
      const changes: Record<keyof SettingsChange, SettingsChange> = {
        automaticRegistration: { automaticRegistration: true },
        automaticRegistrationMinutes: { automaticRegistrationMinutes: 5 },
        idleMinutes: { idleMinutes: 7 },
        captureCompression: { captureCompression: 'lzo' },
        afterwards: { afterwards: null },
        deployWake: { deployWake: false },
        waitHours: { waitHours: 7 },
        checkAddresses: { checkAddresses: false },
        hostLanguage: { hostLanguage: 'de' },
      };
      assert.deepEqual(Object.keys(changes), Object.keys(SettingsChange.shape));
      const seen = new Set<string>();
      for (const change of Object.values(changes)) {
        await calls['settings.set'](change);
        const [event, ...more] = told();
        assert.ok(event?.type === 'settings-changed' && more.length === 0);
        assert.equal(event.by, 'eva');
        for (const { setting, to } of event.changes) {
          seen.add(setting);
          assert.notEqual(to, undefined);
        }
      }
      assert.deepEqual(seen, new Set(Object.keys(Settings.shape)));
    });
  });

  test('the log says who changed what and what comes together of a kind is one entry, of each who did it', async () => {
    await withEva(async (calls, told, room) => {
      const hosts = Array.from({ length: 7 }, (_, index) =>
        newHost({
          mac: MacAddress.parse(`52:54:00:00:0d:0${index}`),
          approval: 'pending',
          name: `p-${index}`,
        }),
      );
      for (const host of hosts) await room.store.change((data) => void data.hosts.push(host));
      for (const { id } of hosts) await calls['host.approve']({ hosts: [id] });
      const names = ['p-0', 'p-1', 'p-2', 'p-3', 'p-4'];
      assert.deepEqual(told(), [
        { type: 'hosts-registered', hosts: { names, count: 7 }, isPending: true },
        { type: 'hosts-approved', hosts: { names, count: 7 }, by },
      ]);
      await calls['host.delete']({ host: 'p-0' });
      await room.callsOf('tom')['host.delete']({ host: 'p-1' });
      assert.deepEqual(told(), [
        { type: 'hosts-deleted', hosts: some('p-0'), by: 'eva' },
        { type: 'hosts-deleted', hosts: some('p-1'), by: 'tom' },
      ]);
      // A change that is refused is none.
      await assert.rejects(calls['host.delete']({ host: 'p-1' }));
      assert.deepEqual(told(), []);
    });
  });

  test('the log says who changed what and an entry of version 0.2 is read, without who it was', () => {
    const old = { number: 1, at: '2026-12-01T11:00:00.000Z', times: 1 };
    const event = { type: 'hosts-approved', hosts: some('pc-1') };
    assert.deepEqual(LogEntry.parse({ ...old, event }).event, { ...event, by: null });
    const settings = { type: 'settings-changed', by: 'eva' };
    assert.deepEqual(LogEntry.parse({ ...old, event: settings }).event, {
      ...settings,
      changes: [],
    });
  });
});

const HALF_WRITTEN = {
  runId: RunId.parse('run-0000000001'),
  disk: '/dev/sda',
  since: '2026-12-01T11:00:00.000Z',
};
