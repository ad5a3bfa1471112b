/** A host in full: what needs doing first, then what it is, its disks, its tasks. */

import { padEnd, widthOf } from '../../../lib/columns.ts';
import type { ErrorReport } from '../../../lib/model/error-report.ts';
import { halfWrittenDisks, type HostView } from '../../../lib/model/host.ts';
import type { Disk, SystemInfo } from '../../../lib/model/system-info.ts';
import type { Task } from '../../../lib/model/task.ts';
import type { Model } from '../../model.ts';
import { cutLine, line, span, type Line } from '../../picture.ts';
import { glyphsOf } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';
import { errorIn } from '../../../lib/messages/errors.ts';
import { lastSeenText } from '../../../lib/text/last-seen.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { wrap } from '../../components/dialog.ts';
import { conditionSpan, workSpan } from './host-condition.ts';
import { formatElapsed, formatTime } from '../time-format.ts';
import { mapOfDisk, partitionMapLines, partitionTableLines } from '../partition-map.ts';
import { runSpan } from '../tasks/run-state.ts';
import { taskTitle } from '../tasks/task-title.ts';
import { knownDiskText } from '../../../lib/text/disks.ts';

type Fact = readonly [name: string, value: string];

/** `tasks` are the host's own, newest first; lines are `width` cells wide. */
export function hostLines(
  host: HostView,
  tasks: readonly Task[],
  model: Model,
  width: number,
): readonly Line[] {
  const texts = textsOf(model.language).hosts;
  const title = (text: string): Line[] => [line(''), line(span(` ${text}`, 'strong'))];
  const info = host.systemInfo;
  return [
    ...warningLines(host, model, width),
    line(
      ' ',
      conditionSpan(host, model),
      span(`   ${texts.lastWorkLabel} `, 'dim'),
      workSpan(host, model),
      span(`   ${host.mac}`),
      span(`   ${host.groupName ?? texts.noGroup}`),
    ),
    ...factLines(identityOf(host, model), width),
    ...(info === null
      ? [line(''), line(span(` ${texts.neverHere}`, 'dim'))]
      : [
          ...title(texts.hardware),
          ...factLines(hardwareOf(info, model), width),
          ...info.disks.flatMap((disk) => [line(''), ...diskLines(disk, model, width)]),
          ...(info.leftOut === undefined
            ? []
            : wrap(texts.leftOut(info.leftOut), width - 2).map((text) =>
                line(span(` ${text}`, 'warn')),
              )),
          ...(info.operatingSystems.length === 0
            ? []
            : [
                ...title(texts.systems),
                ...factLines(
                  info.operatingSystems.map(({ partition, name }): Fact => [partition, name]),
                  width,
                ),
              ]),
        ]),
    ...title(texts.itsTasks),
    ...taskLines(host, tasks, model, width),
  ];
}

/** What somebody has to do something about. */
function warningLines(host: HostView, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).hosts;
  const warnings = [
    ...(host.approval === 'pending' ? [texts.isPending] : []),
    ...halfWrittenDisks(host).map(({ disk, identity, since }) =>
      texts.isHalfWritten(knownDiskText(model.language, identity, disk), formatTime(since)),
    ),
    ...(host.otherMachines === undefined
      ? []
      : [
          texts.isRefused(
            host.otherMachines
              .map(({ serialNumber, address, hardwareAddress }) =>
                texts.machineAt(
                  serialNumber ?? textsOf(model.language).events.noSerial,
                  address,
                  hardwareAddress,
                ),
              )
              .join('; '),
          ),
        ]),
    ...(host.debugShell ? [texts.hasShell] : []),
  ];
  const lines = warnings.flatMap((text) =>
    wrap(text, width - 4).map((part, index) =>
      line(span(` ${index === 0 ? glyphsOf(model).failed : ' '} `, 'warn'), span(part, 'warn')),
    ),
  );
  return lines.length === 0 ? [] : [...lines, line('')];
}

function identityOf(host: HostView, model: Model): Fact[] {
  const { hosts: texts, states } = textsOf(model.language);
  const { systemInfo, address, workers = [] } = host;
  const kinds = workers.map((kind) => states.workers[kind]).join(', ');
  const connected = address === null || kinds === '' ? address : `${address} (${kinds})`;
  return [
    [
      texts.addressField,
      [connected, host.ipAddress].filter((each) => each !== null).join(', ') || '-',
    ],
    [texts.serial, host.serialNumber ?? systemInfo?.systemSerial ?? '-'],
    [texts.registered, formatTime(host.registeredAt)],
    [texts.lastSeen, lastSeenText(model.language, host)],
  ];
}

function hardwareOf(info: SystemInfo, model: Model): Fact[] {
  const texts = textsOf(model.language).hosts;
  const [processor] = info.processors;
  const vendorAndModel = `${info.systemVendor} ${info.systemModel}`.trim();
  return [
    [
      texts.machine,
      `${vendorAndModel === '' ? '-' : vendorAndModel}, ${info.firmware.toUpperCase()}`,
    ],
    ...(processor === undefined
      ? []
      : [[texts.processor, texts.cores(processorName(processor), processor.cores)] as const]),
    [texts.memory, bytesText(info.memoryBytes, model)],
    ...info.interfaces.map(({ name, mac, linkUp, mbitPerSecond }): Fact => [
      texts.network,
      `${name} ${mac}, ${linkUp ? (mbitPerSecond === null ? texts.linkUp : `${mbitPerSecond} Mbit/s`) : texts.noLink}`,
    ]),
    ...(info.engine === undefined
      ? []
      : [
          [
            texts.engine,
            [info.engine.programVersion, info.engine.buildId]
              .filter((each) => each !== null)
              .join(', '),
          ] as const,
        ]),
  ];
}

/** What CPUID calls the vendor stands in the model's name already, in other words. */
function processorName({ vendor, model }: SystemInfo['processors'][number]): string {
  return /^(GenuineIntel|AuthenticAMD)$/.test(vendor) ? model : `${vendor} ${model}`.trim();
}

/** The disk's name, its map and what is in its partitions. */
export function diskLines(disk: Disk, model: Model, width: number): Line[] {
  const texts = textsOf(model.language);
  const map = mapOfDisk(disk);
  const facts = [
    disk.model === '' ? null : disk.model,
    bytesText(disk.sizeBytes, model),
    disk.serial === null ? null : texts.hosts.serialIs(disk.serial),
    disk.tableType === 'gpt' ? 'GPT' : disk.tableType === 'dos' ? 'MBR' : null,
    disk.removable ? texts.hosts.removable : null,
    disk.readOnly ? texts.hosts.readOnly : null,
  ].filter((each) => each !== null);
  return [
    line(span(` ${disk.address}`, 'strong'), span(`  ${facts.join(', ')}`)),
    ...(map.partitions.length === 0
      ? [line(span(`  ${texts.hosts.noPartitions}`, 'dim'))]
      : [
          ...partitionMapLines(map, width - 2, model).map((each) => [span(' '), ...each]),
          ...partitionTableLines(map, texts.images.partition, model),
        ]),
  ];
}

function taskLines(host: HostView, tasks: readonly Task[], model: Model, width: number): Line[] {
  const texts = textsOf(model.language).hosts;
  if (tasks.length === 0) return [line(span(`  ${texts.noTasks}`, 'dim'))];
  return tasks.flatMap((task) =>
    task.runs
      .filter(({ hostId }) => hostId === host.id)
      .flatMap((run) => {
        const state = runSpan(run.state, model);
        const head = line(
          span(`  ${formatTime(task.createdAt)}  `, 'dim'),
          { ...state, text: padEnd(state.text, 16) },
          span(padEnd(formatElapsed(run, model.now), 11), 'dim'),
          taskTitle(task, model),
        );
        const why =
          run.error === null
            ? []
            : errorTexts(run.error, model).flatMap((text, index) =>
                wrap(text, width - 22).map((part) =>
                  line(span(`${' '.repeat(20)}${part}`, index === 0 ? 'bad' : 'plain')),
                ),
              );
        return [cutLine(head, width, glyphsOf(model).cut), ...why];
      }),
  );
}

/** What happened, its own words where those are others, what to do. */
function errorTexts(error: ErrorReport, { language }: Model): readonly string[] {
  const { what, hint, original } = errorIn(language, error);
  return [what, ...(original === null ? [] : [original.message]), hint];
}

function factLines(facts: readonly Fact[], width: number): Line[] {
  const nameWidth = Math.max(0, ...facts.map(([name]) => widthOf(name)));
  return facts.flatMap(([name, value]) =>
    wrap(value, Math.max(20, width - nameWidth - 4)).map((part, index) =>
      line(span(`  ${padEnd(index === 0 ? name : '', nameWidth)}  `, 'dim'), part),
    ),
  );
}
