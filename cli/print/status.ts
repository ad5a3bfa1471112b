/** Everything that moves, on a page. */

import { formatBytes, formatPercent, printable } from '../../lib/format.ts';
import { isEnded, taskState } from '../../lib/model/task.ts';
import type { Status } from '../../lib/model/status.ts';
import { problemLines } from './problems.ts';
import { progressBlock, type BlockSize } from './progress-block.ts';
import { fields, indented } from './table.ts';
import { taskViewOf } from '../../lib/task-view.ts';
import { taskTable } from './tasks.ts';
import { wakeLine } from './wakes.ts';
import { countOf, formatTime } from './words.ts';

/** How many ended tasks are listed. */
const ENDED_TASKS = 5;
/** How many lines a task under way may take: its slowest hosts and its total. */
const TASK_ROWS = 14;

export function statusLines(status: Status, size: BlockSize, unicode: boolean): string[] {
  const { hosts, server, tasks } = status;
  const active = tasks.filter((task) => task.runs.some((run) => !isEnded(run.state)));
  const ended = tasks.filter((task) => !active.includes(task)).slice(0, ENDED_TASKS);
  const used = server.imageStore.sizeBytes - server.imageStore.freeBytes;
  return [
    ...fields([
      [
        'Server',
        `${server.hostname}, OpenClone ${server.programVersion}, up since ${formatTime(server.startedAt)}`,
      ],
      [
        'Load',
        `${server.loadAverage.map((load) => load.toFixed(2)).join(' ')} on ${countOf(server.processorCount, 'processor')}, ${formatBytes(server.freeMemoryBytes)} of ${formatBytes(server.memoryBytes)} memory free`,
      ],
      [
        'Images',
        `${formatBytes(server.imageStore.freeBytes)} free in ${server.imageStore.path} (${formatPercent(used, server.imageStore.sizeBytes)} used)`,
      ],
      [
        'Hosts',
        `${hosts.total}: ${hosts.working} working, ${hosts.idle} idle, ${hosts.off} off${hosts.pending === 0 ? '' : `; ${hosts.pending} wait for approval`}`,
      ],
      ...bootField(status),
    ]),
    ...(status.problems.length === 0 ? [] : ['', ...problemLines(status.problems)]),
    ...(status.wakes.length === 0 ? [] : ['', ...status.wakes.map(wakeLine)]),
    ...active.flatMap((task) => [
      '',
      printable(`${task.id} ${taskState(task)}: ${task.title}`),
      ...indented(
        progressBlock(
          taskViewOf(task, status),
          { columns: size.columns - 2, rows: TASK_ROWS },
          unicode,
        ),
      ),
    ]),
    ...(ended.length === 0 ? [] : ['', ...taskTable(ended)]),
  ];
}

function bootField({ boot }: Status): (readonly [string, string])[] {
  return boot === null ? [] : [['Hosts boot', boot.build ?? 'their own disks: there is no build']];
}
