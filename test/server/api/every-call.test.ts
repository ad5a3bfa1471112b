/** Every call of the operators is really made, by way of the API that transports use: none can be without a test. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HalfWritten } from '../../../lib/model/host.ts';
import { TaskId } from '../../../lib/model/ids.ts';
import { JobDefinition } from '../../../lib/model/job.ts';
import { MacAddress } from '../../../lib/model/names.ts';
import { OperatorName } from '../../../lib/model/operator-account.ts';
import type { Handlers } from '../../../lib/protocol/contract.ts';
import {
  OPERATOR_METHODS,
  type OperatorMethods,
} from '../../../lib/protocol/operator-api/table.ts';
import { OPERATOR_PROTOCOL_VERSION } from '../../../lib/protocol/version.ts';
import { OperatorApi } from '../../../server/api/operator-api.ts';
import { BootFiles } from '../../../server/boot/boot-files.ts';
import { newRunId } from '../../../server/ids.ts';
import { connectInMemory } from '../../support/memory-transport.ts';
import { ready } from '../../support/run-events.ts';
import { shutdownTask } from '../../support/task-requests.ts';
import { makeSiteDirectories, sampleSite } from '../boot/sample-site.ts';
import { gather, onlySession } from '../gathered.ts';
import { withRoom, type Room } from '../sample-room.ts';

type Calls = Handlers<OperatorMethods>;
type Name = keyof OperatorMethods;

const MAC = MacAddress.parse('52:54:00:00:0a:01');
const EVA = { name: OperatorName.parse('eva'), password: 'correct horse' };
const SHUTDOWN = shutdownTask({ targets: ['pc-1'], mode: 'exit' });
const JOB = JobDefinition.parse({ name: 'evening', request: SHUTDOWN });
const TOM = { ...EVA, name: OperatorName.parse('tom') };
const ANN = OperatorName.parse('ann');
const OTHER = 'correct horse again';

/** For each call: what makes it succeed in a room of two hosts, a group "lab" and an image, after those of its noun that stand before it. */
const MADE: { readonly [N in Name]: (calls: Calls, room: Room) => Promise<unknown> } = {
  'server.hello': (calls) =>
    calls['server.hello']({ protocolVersion: OPERATOR_PROTOCOL_VERSION, operator: 'eva' }),
  'status.get': (calls) => calls['status.get']({}),
  'status.watch': (calls) => calls['status.watch']({ intervalMs: 100 }),
  'inventory.watch': (calls) => calls['inventory.watch']({ intervalMs: 100 }),
  'log.watch': (calls) => calls['log.watch']({}),
  'host.list': (calls) => calls['host.list']({ group: 'lab' }),
  'host.resolve': (calls) => calls['host.resolve']({ targets: ['pc-1'] }),
  'host.show': (calls) => calls['host.show']({ host: 'pc-1' }),
  'host.edit': (calls) => calls['host.edit']({ host: 'pc-1', group: null }),
  'host.editMany': (calls) =>
    calls['host.editMany']({ changes: [{ host: 'pc-1', ipAddress: null }] }),
  'host.add': (calls) => calls['host.add']({ mac: MAC }),
  'host.approve': (calls) => calls['host.approve']({ hosts: ['pc-1'] }),
  'host.clear': async (calls, room) => {
    await room.store.change(({ hosts: [host] }) => {
      if (host !== undefined) host.halfWritten = halfWrittenBy(room);
    });
    return calls['host.clear']({ host: 'pc-1' });
  },
  'host.acceptMachine': (calls) =>
    calls['host.acceptMachine']({ host: 'pc-1', serialNumber: 'OTHER-1' }),
  'host.wake': (calls) => calls['host.wake']({ targets: ['pc-1'] }),
  'host.delete': (calls) => calls['host.delete']({ host: 'pc-2' }),
  'group.list': (calls) => calls['group.list']({}),
  'group.show': (calls) => calls['group.show']({ group: 'lab' }),
  'group.create': (calls) => calls['group.create']({ name: 'new', hosts: ['pc-1'] }),
  'group.edit': (calls) => calls['group.edit']({ group: 'lab', add: ['pc-2'], remove: ['pc-1'] }),
  'group.delete': (calls) => calls['group.delete']({ group: 'lab' }),
  'image.list': (calls) => calls['image.list']({}),
  'image.show': (calls) => calls['image.show']({ image: 'win11' }),
  'image.verify': (calls) => calls['image.verify']({ image: 'win11', allVersions: true }),
  'image.rename': (calls) => calls['image.rename']({ image: 'win11', name: 'other' }),
  'image.protect': (calls) => calls['image.protect']({ image: 'other', isProtected: false }),
  'image.delete': (calls) => calls['image.delete']({ image: 'other' }),
  'task.list': (calls) => calls['task.list']({ limit: 10 }),
  'task.show': async (calls) => calls['task.show']({ task: await aTask(calls) }),
  'task.cancel': async (calls) => calls['task.cancel']({ task: await aTask(calls), host: null }),
  'task.putAway': async (calls) => {
    const task = await aTask(calls);
    await calls['task.cancel']({ task, host: null });
    return calls['task.putAway']({ task });
  },
  'task.create': (calls) => calls['task.create'](SHUTDOWN),
  'job.create': (calls) => calls['job.create']({ definition: JOB }),
  'job.list': (calls) => calls['job.list']({}),
  'job.show': (calls) => calls['job.show']({ job: JOB.name }),
  'job.start': (calls) => calls['job.start']({ job: JOB.name, values: {} }),
  'job.history': (calls) => calls['job.history']({ job: JOB.name, limit: 10 }),
  'job.edit': (calls) => calls['job.edit']({ job: JOB.name, revision: 1, definition: JOB }),
  'job.keep': async (calls) => calls['job.keep']({ task: await aTask(calls), name: 'kept' }),
  'job.delete': (calls) => calls['job.delete']({ job: JOB.name }),
  'session.start': async (calls, room) => {
    const task = await room.deploy([1, 2]);
    const [engine] = await gather(room, 1);
    await engine?.report(room.run(task, 1).id, ready(onlySession(room)));
    return calls['session.start']({ session: onlySession(room).id });
  },
  'run.log': async (calls) => calls['run.log']({ task: await aTask(calls), host: 'pc-1' }),
  'operator.list': (calls) => calls['operator.list']({}),
  'operator.add': async (calls) => {
    await calls['operator.add'](TOM);
    return calls['operator.add'](EVA);
  },
  'operator.password': (calls) => calls['operator.password']({ ...EVA, password: OTHER }),
  'operator.rename': (calls) => calls['operator.rename']({ name: EVA.name, newName: ANN }),
  'operator.delete': (calls) => calls['operator.delete']({ name: ANN }),
  'operator.login': (calls) => calls['operator.login'](TOM),
  'operator.present': (calls) => calls['operator.present']({}),
  'operator.logout': (calls) => calls['operator.logout']({}),
  'settings.get': (calls) => calls['settings.get']({}),
  'settings.set': (calls) => calls['settings.set']({ idleMinutes: 10 }),
  'boot.refresh': (calls) => calls['boot.refresh']({}),
};

async function aTask(calls: Calls): Promise<TaskId> {
  return TaskId.parse((await calls['task.create'](SHUTDOWN)).id);
}

function halfWrittenBy(room: Room): HalfWritten {
  return { runId: newRunId(), disk: '/dev/sda', since: room.context.startedAt };
}

/** A room whose server has boot files, and the names of the calls that were answered. */
async function withCalls(
  use: (calls: Calls, room: Room, answered: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  await withRoom({ hosts: 2 }, async (room) => {
    const site = sampleSite(room.directory);
    await makeSiteDirectories(site, null);
    const { log } = room.captured;
    const read = (): ReturnType<Room['store']['read']> => room.store.read();
    const bootFiles = new BootFiles({
      site,
      read,
      pollMs: 60_000,
      log,
      onChanged: () => undefined,
    });
    await room.addImage();
    await room.tasks['group.create']({ name: 'lab', hosts: ['pc-1'] });
    const answered = new Set<string>();
    const { calls, end } = connectInMemory(
      new OperatorApi({ ...room.context, bootFiles }),
      'eva',
      { type: 'socket' },
      (name) => answered.add(name),
    );
    try {
      await use(calls, room, answered);
    } finally {
      end();
    }
  });
}

const NAMES = Object.keys(MADE).filter((each): each is Name => each in OPERATOR_METHODS);
const NOUNS = new Set(NAMES.map((name) => name.split('.')[0] ?? ''));

describe('every call of the operators is answered as its row of the API says', () => {
  for (const noun of NOUNS) {
    test(`every call of the operators about ${noun} is answered, with a result that its schema takes`, async () => {
      await withCalls(async (calls, room, answered) => {
        for (const name of NAMES.filter((each) => each.startsWith(`${noun}.`))) {
          const result = await MADE[name](calls, room);
          assert.ok(answered.has(name), `${name} was not made`);
          assert.ok(OPERATOR_METHODS[name].result.safeParse(result).success, name);
        }
      });
    });
  }

  test('of each call of the operators there is one that is made here', () => {
    assert.deepEqual(NAMES.toSorted(), Object.keys(OPERATOR_METHODS).toSorted());
  });
});
