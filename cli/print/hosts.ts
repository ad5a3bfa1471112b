/** Hosts as people read them. */

import { formatPercent } from '../../lib/format.ts';
import { isWaking, lastWorkOf, type Seen } from '../../lib/client/host-news.ts';
import {
  halfWrittenDisks,
  type HalfWritten,
  type HostView,
  type OtherMachine,
} from '../../lib/model/host.ts';
import type { Disk, EngineVersion, SystemInfo } from '../../lib/model/system-info.ts';
import { conditionOf, powerOf } from '../../lib/rules/host-condition.ts';
import { lastSeenText } from '../../lib/text/last-seen.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import type { Texts } from '../text/catalogue.ts';
import { fields, indented, table } from './table.ts';
import { formatTime, orDash } from './labels.ts';

export function hostTable(
  texts: Texts,
  hosts: readonly HostView[],
  status: Seen | null = null,
  now = Date.now(),
): string[] {
  const { columns } = texts.hosts;
  return table(
    [
      { title: columns.host },
      { title: columns.state },
      { title: columns.lastWork },
      { title: columns.group },
      { title: columns.mac },
      { title: columns.address },
      { title: columns.disks },
      { title: columns.lastSeen },
    ],
    hosts.map((host) => [
      host.name,
      stateWords(texts, host, status),
      workWords(texts, host, status, now),
      orDash(host.groupName),
      host.mac,
      orDash(host.address ?? host.ipAddress),
      orDash(
        (host.systemInfo?.disks ?? []).map((disk) => bytesText(disk.sizeBytes, texts)).join(', '),
      ),
      lastSeenText(texts.language, host),
    ]),
  );
}

export function hostDetails(
  texts: Texts,
  host: HostView,
  status: Seen | null = null,
  now = Date.now(),
): string[] {
  const t = texts.hosts;
  return [
    ...fields([
      [t.host, host.name],
      [t.state, stateWords(texts, host, status)],
      [t.lastWork, workWords(texts, host, status, now)],
      [t.approval, texts.states.approvals[host.approval]],
      [t.group, orDash(host.groupName)],
      [t.mac, host.mac],
      [t.connectedFrom, connectedWords(texts, host)],
      [t.ipAddress, orDash(host.ipAddress)],
      [t.serialNumber, orDash(host.serialNumber ?? host.systemInfo?.systemSerial ?? null)],
      [t.registered, formatTime(host.registeredAt)],
      [t.lastSeen, lastSeenText(texts.language, host)],
      [t.id, host.id],
      ...(host.otherMachines ?? []).map((machine): [string, string] => [
        t.refused,
        machineWords(texts, machine),
      ]),
      ...(host.debugShell ? [[t.debugShell, t.debugShellOn] as const] : []),
      ...(host.localBoot === 'site' ? [] : [[t.ownDisk, t.localBoots[host.localBoot]] as const]),
      ...halfWrittenDisks(host).map((half) => halfWrittenField(texts, half)),
      ...(host.systemInfo === null ? [] : systemFields(texts, host.systemInfo)),
    ]),
    ...(host.systemInfo === null ? [] : diskSections(texts, host.systemInfo)),
  ];
}

/** A machine that said it was a host, and was refused. */
export function machineWords(
  { hosts }: Texts,
  { serialNumber, address, at, hardwareAddress }: OtherMachine,
): string {
  const adapter = hardwareAddress === undefined ? '' : ` (${hardwareAddress})`;
  return hosts.otherMachine(serialNumber ?? hosts.noSerial, `${address}${adapter}`, formatTime(at));
}

/** Whether it is on; that nobody has let it in goes before that. */
function stateWords({ states }: Texts, host: HostView, status: Seen | null): string {
  const words = states.conditions;
  const isWakingNow = isWaking(host.id, status);
  const power = words[powerOf(host, isWakingNow)];
  const condition = words[conditionOf(host, isWakingNow)];
  // Of its two systems the engine's is the one that is meant where nothing is said.
  const where = host.workers?.includes('agent') === true ? ` (${states.workers.agent})` : '';
  return condition === power ? `${power}${where}` : `${condition}, ${power}${where}`;
}

/** "10.77.0.101 (engine)": where its worker connects from, and which one that is. */
function connectedWords({ states }: Texts, { address, workers = [] }: HostView): string {
  if (address === null || workers.length === 0) return orDash(address);
  return `${address} (${workers.map((kind) => states.workers[kind]).join(', ')})`;
}

/** What it does, or what the last that it did came to. */
function workWords({ states }: Texts, host: HostView, status: Seen | null, now: number): string {
  const work = lastWorkOf(host, status, now);
  if (work === null) return '-';
  const percent = work.fraction === null ? '' : ` ${formatPercent(work.fraction, 1)}`;
  return `${states.works[work.type]}${percent}`;
}

function halfWrittenField(
  { hosts }: Texts,
  { disk, runId, since }: HalfWritten,
): readonly [string, string] {
  return [hosts.halfWritten, hosts.halfWrittenText(disk, formatTime(since), runId)];
}

function engineField({ hosts }: Texts, engine: EngineVersion): [string, string] {
  return [hosts.engine, hosts.engineText(engine.programVersion, engine.buildId)];
}

function systemFields(texts: Texts, info: SystemInfo): [string, string][] {
  const { counts, hosts: t } = texts;
  return [
    [t.machine, orDash([info.systemVendor, info.systemModel].join(' ').trim())],
    [t.firmware, info.firmware],
    ...info.processors.map((processor): [string, string] => [
      t.processor,
      [
        orDash(processor.model),
        counts.cores(processor.cores),
        counts.threads(processor.threads),
      ].join(', '),
    ]),
    [t.memory, bytesText(info.memoryBytes, texts)],
    ...(info.engine === undefined ? [] : [engineField(texts, info.engine)]),
    ...info.interfaces.map((each): [string, string] => [
      t.network,
      [
        each.name,
        each.mac,
        each.linkUp ? t.linkUp : t.noLink,
        each.mbitPerSecond === null ? '' : `${each.mbitPerSecond} Mbit/s`,
        ...each.addresses,
      ]
        .filter((part) => part !== '')
        .join(', '),
    ]),
    ...info.operatingSystems.map((system): [string, string] => [
      t.system,
      t.systemText(system.name, system.partition),
    ]),
    ...(info.leftOut === undefined ? [] : [notListed(texts, info.leftOut)]),
  ];
}

function notListed({ hosts }: Texts, count: number): [string, string] {
  return [hosts.notListed, hosts.notListedText(count)];
}

function diskSections(texts: Texts, info: SystemInfo): string[] {
  const t = texts.hosts;
  return info.disks.flatMap((disk) => [
    '',
    ...fields([
      [t.disk, disk.address],
      [t.model, orDash(disk.model)],
      [t.serial, orDash(disk.serial)],
      [t.wwn, orDash(disk.wwn)],
      [t.size, t.sizeText(bytesText(disk.sizeBytes, texts), disk.sizeBytes)],
      [t.sectors, t.sectorsText(disk.logicalSectorBytes, disk.physicalSectorBytes)],
      [t.partitionTable, disk.tableType],
      [t.notes, orDash(diskNotes(texts, disk))],
    ]),
    ...(disk.partitions.length === 0 ? [] : indented(partitionTable(texts, disk))),
  ]);
}

function diskNotes({ hosts }: Texts, disk: Disk): string {
  return [disk.readOnly ? hosts.readOnly : '', disk.removable ? hosts.removable : '']
    .filter((note) => note !== '')
    .join(', ');
}

function partitionTable(texts: Texts, disk: Disk): string[] {
  const columns = texts.hosts.partitions;
  return table(
    [
      { title: columns.number, align: 'right' },
      { title: columns.size, align: 'right' },
      { title: columns.filesystem },
      { title: columns.label },
      { title: columns.mounted },
    ],
    disk.partitions.map((partition) => [
      String(partition.number),
      bytesText(partition.sizeBytes, texts),
      orDash(partition.filesystem?.type ?? null),
      orDash(partition.filesystem?.label ?? partition.name),
      orDash(partition.mountpoints.join(', ')),
    ]),
  );
}
