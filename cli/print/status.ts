/** The lines of `openclone status`: server, tasks, sessions and hosts that are being woken. */

import { render } from '../../lib/messages/render.ts';
import { formatPercent, printable } from '../../lib/format.ts';
import { isEnded, taskState } from '../../lib/model/task.ts';
import type { Status } from '../../lib/model/status.ts';
import { bytesText, decimalText } from '../../lib/text/quantities.ts';
import type { Texts } from '../text/catalogue.ts';
import { problemLines } from './problems.ts';
import { progressBlock, type BlockSize } from './progress-block.ts';
import { fields, indented } from './table.ts';
import { taskViewOf } from '../../lib/client/task-view.ts';
import { taskTable } from './tasks.ts';
import { wakeLine } from './wakes.ts';
import { formatTime } from './labels.ts';

/** How many ended tasks are listed. */
const ENDED_TASKS = 5;
/** How many lines a task under way may take: its slowest hosts and its total. */
const TASK_ROWS = 14;

export function statusLines(
  texts: Texts,
  status: Status,
  size: BlockSize,
  unicode: boolean,
): string[] {
  const t = texts.status;
  const { hosts, server, tasks } = status;
  const active = tasks.filter((task) => task.runs.some((run) => !isEnded(run.state)));
  const ended = tasks.filter((task) => !active.includes(task)).slice(0, ENDED_TASKS);
  const used = server.imageStore.sizeBytes - server.imageStore.freeBytes;
  return [
    ...fields([
      [
        t.server,
        t.serverText(server.hostname, server.programVersion, formatTime(server.startedAt)),
      ],
      [
        t.load,
        t.loadText(
          server.loadAverage.map((load) => decimalText(load, 2, texts)).join(' '),
          server.processorCount,
          bytesText(server.freeMemoryBytes, texts),
          bytesText(server.memoryBytes, texts),
        ),
      ],
      [
        t.images,
        t.imagesText(
          bytesText(server.imageStore.freeBytes, texts),
          server.imageStore.path,
          formatPercent(used, server.imageStore.sizeBytes),
        ),
      ],
      [
        t.hosts,
        [hostsText(texts, hosts), ...(hosts.pending === 0 ? [] : [t.pending(hosts.pending)])].join(
          '; ',
        ),
      ],
      ...bootField(texts, status),
    ]),
    ...(status.problems.length === 0 ? [] : ['', ...problemLines(texts, status.problems)]),
    ...(status.wakes.length === 0
      ? []
      : ['', ...status.wakes.map((wake) => wakeLine(texts, wake))]),
    ...active.flatMap((task) => [
      '',
      printable(
        `${task.id} ${texts.states.runs[taskState(task)]}: ${render(texts.language, task.title)}`,
      ),
      ...indented(
        progressBlock(
          texts,
          taskViewOf(task, status),
          { columns: size.columns - 2, rows: TASK_ROWS },
          unicode,
        ),
      ),
    ]),
    ...(ended.length === 0 ? [] : ['', ...taskTable(texts, ended)]),
  ];
}

function bootField({ status }: Texts, { boot }: Status): (readonly [string, string])[] {
  return boot === null ? [] : [[status.boot, boot.build ?? status.noBuild]];
}

/** "12: 3 working, 2 ready, 7 off". */
function hostsText({ states }: Texts, { total, working, idle, off }: Status['hosts']): string {
  const words = states.conditions;
  return `${total}: ${working} ${words.working}, ${idle} ${words.ready}, ${off} ${words.off}`;
}
