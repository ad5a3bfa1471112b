/** A server that starts looks at once which jobs were due while it was down. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobDefinition } from '../../../lib/model/job.ts';
import { Store } from '../../../server/store/store.ts';
import { withServer } from '../running-server.ts';

test('A job whose time passed while the server was down, and that may be late, is started when the server starts.', async () => {
  await withServer(async (server) => {
    const before = await server.operator();
    await before.call('host.add', { mac: '52:54:00:77:00:01', name: 'pc-1' });
    const hourAgo = new Date(Date.now() - 3_600_000);
    const definition = JobDefinition.parse({
      name: 'evening',
      request: { targets: ['pc-1'], operations: [{ type: 'shutdown', mode: 'power-off' }] },
      schedules: [
        {
          name: 'daily',
          when: {
            type: 'cron',
            expression: `${hourAgo.getUTCMinutes()} ${hourAgo.getUTCHours()} * * *`,
            timeZone: 'UTC',
          },
          missed: { type: 'run', withinMinutes: 120 },
        },
      ],
    });
    await before.call('job.create', { definition });
    await server.stop();
    const store = await Store.open(server.options.dataDirectory);
    await store.change((data) => {
      const [schedule] = data.jobs[0]?.schedules ?? [];
      assert.ok(schedule !== undefined);
      schedule.mark = new Date(Date.now() - 7_200_000).toISOString();
    });
    await store.close();
    await server.start();
    const after = await server.operator();
    const [start] = await after.call('job.history', { job: 'evening', limit: 10 });
    const [task] = await after.call('task.list', { limit: 10 });
    assert.ok(start?.result.type === 'task');
    assert.equal(task?.id, start.result.taskId);
    assert.equal(task.job?.name, 'evening');
  });
});
