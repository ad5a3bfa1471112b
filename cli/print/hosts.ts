/** Hosts as people read them. */

import { formatBytes, formatPercent } from '../../lib/format.ts';
import { lastWorkOf, type Seen } from '../../lib/host-news.ts';
import {
  halfWrittenDisks,
  type HalfWritten,
  type HostView,
  type OtherMachine,
} from '../../lib/model/host.ts';
import type { Disk, EngineVersion, SystemInfo } from '../../lib/model/system-info.ts';
import { fields, indented, table } from './table.ts';
import { countOf, formatTime, orDash } from './words.ts';

export function hostTable(
  hosts: readonly HostView[],
  status: Seen | null = null,
  now = Date.now(),
): string[] {
  return table(
    [
      { title: 'HOST' },
      { title: 'STATE' },
      { title: 'LAST WORK' },
      { title: 'GROUP' },
      { title: 'MAC' },
      { title: 'ADDRESS' },
      { title: 'DISKS' },
      { title: 'LAST SEEN' },
    ],
    hosts.map((host) => [
      host.name,
      stateWords(host),
      workWords(host, status, now),
      orDash(host.groupName),
      host.mac,
      orDash(host.address ?? host.ipAddress),
      orDash((host.systemInfo?.disks ?? []).map((disk) => formatBytes(disk.sizeBytes)).join(', ')),
      lastSeenWords(host),
    ]),
  );
}

export function hostDetails(
  host: HostView,
  status: Seen | null = null,
  now = Date.now(),
): string[] {
  return [
    ...fields([
      ['Host', host.name],
      ['State', stateWords(host)],
      ['Last work', workWords(host, status, now)],
      ['Approval', host.approval],
      ['Group', orDash(host.groupName)],
      ['MAC', host.mac],
      ['Connected from', orDash(host.address)],
      ['IP address', orDash(host.ipAddress)],
      ['Serial number', orDash(host.serialNumber ?? host.systemInfo?.systemSerial ?? null)],
      ['Registered', formatTime(host.registeredAt)],
      ['Last seen', lastSeenWords(host)],
      ['Id', host.id],
      ...(host.otherMachines ?? []).map((machine): [string, string] => [
        'Refused',
        machineWords(machine),
      ]),
      ...(host.debugShell ? [DEBUG_SHELL] : []),
      ...(host.localBoot === 'site' ? [] : [['Own disk', LOCAL_BOOTS[host.localBoot]] as const]),
      ...halfWrittenDisks(host).map(halfWrittenField),
      ...(host.systemInfo === null ? [] : systemFields(host.systemInfo)),
    ]),
    ...(host.systemInfo === null ? [] : diskSections(host.systemInfo)),
  ];
}

/** A machine that said it was a host, and was refused. */
export function machineWords({ serialNumber, address, at, hardwareAddress }: OtherMachine): string {
  const adapter = hardwareAddress === undefined ? '' : ` (${hardwareAddress})`;
  return `another machine, serial number ${serialNumber ?? 'none'}, at ${address}${adapter}, ${formatTime(at)}`;
}

/** Whether it is on; that nobody has let it in goes before that. */
function stateWords({ approval, state }: HostView): string {
  return approval === 'pending' ? `pending, ${state}` : state;
}

/** What it does, or what the last that it did came to. */
function workWords(host: HostView, status: Seen | null, now: number): string {
  const work = lastWorkOf(host, status, now);
  if (work === null) return '-';
  const percent = work.fraction === null ? '' : ` ${formatPercent(work.fraction, 1)}`;
  return `${work.type.replace('-', ' ')}${percent}`;
}

/** Who is connected is seen now, whenever it came. */
function lastSeenWords({ state, lastSeenAt }: HostView): string {
  if (state !== 'off') return 'now';
  return lastSeenAt === null ? 'never' : formatTime(lastSeenAt);
}

const LOCAL_BOOTS = {
  firmware: "started by the firmware's boot order",
  disk: 'started by the disk itself',
} as const;

const DEBUG_SHELL = ['Debug shell', 'on its console, at the next start of its engine'] as const;

function halfWrittenField({ disk, runId, since }: HalfWritten): readonly [string, string] {
  return ['Half written', `${disk}, since ${formatTime(since)} (${runId}): deploy an image to it`];
}

function engineField({ programVersion, buildId }: EngineVersion): [string, string] {
  return ['Engine', `${programVersion}, root file system ${buildId ?? 'none: started by hand'}`];
}

function systemFields(info: SystemInfo): [string, string][] {
  return [
    ['Machine', orDash([info.systemVendor, info.systemModel].join(' ').trim())],
    ['Firmware', info.firmware],
    ...info.processors.map((processor): [string, string] => [
      'Processor',
      `${orDash(processor.model)}, ${countOf(processor.cores, 'core')}, ${countOf(processor.threads, 'thread')}`,
    ]),
    ['Memory', formatBytes(info.memoryBytes)],
    ...(info.engine === undefined ? [] : [engineField(info.engine)]),
    ...info.interfaces.map((each): [string, string] => [
      'Network',
      [
        each.name,
        each.mac,
        each.linkUp ? 'link up' : 'no link',
        each.mbitPerSecond === null ? '' : `${each.mbitPerSecond} Mbit/s`,
        ...each.addresses,
      ]
        .filter((part) => part !== '')
        .join(', '),
    ]),
    ...info.operatingSystems.map((system): [string, string] => [
      'Operating system',
      `${system.name} on ${system.partition}`,
    ]),
    ...(info.leftOut === undefined ? [] : [notListed(info.leftOut)]),
  ];
}

function notListed(count: number): [string, string] {
  return [
    'Not listed',
    `${countOf(count, 'more part')} (disks, partitions, interfaces and the like)`,
  ];
}

function diskSections(info: SystemInfo): string[] {
  return info.disks.flatMap((disk) => [
    '',
    ...fields([
      ['Disk', disk.address],
      ['Model', orDash(disk.model)],
      ['Serial', orDash(disk.serial)],
      ['WWN', orDash(disk.wwn)],
      ['Size', `${formatBytes(disk.sizeBytes)} (${disk.sizeBytes} bytes)`],
      ['Sectors', `${disk.logicalSectorBytes} bytes, physically ${disk.physicalSectorBytes}`],
      ['Partition table', disk.tableType],
      ['Notes', orDash(diskNotes(disk))],
    ]),
    ...(disk.partitions.length === 0 ? [] : indented(partitionTable(disk))),
  ]);
}

function diskNotes(disk: Disk): string {
  return [disk.readOnly ? 'read-only' : '', disk.removable ? 'removable' : '']
    .filter((note) => note !== '')
    .join(', ');
}

function partitionTable(disk: Disk): string[] {
  return table(
    [
      { title: 'NO', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'FILESYSTEM' },
      { title: 'LABEL' },
      { title: 'MOUNTED' },
    ],
    disk.partitions.map((partition) => [
      String(partition.number),
      formatBytes(partition.sizeBytes),
      orDash(partition.filesystem?.type ?? null),
      orDash(partition.filesystem?.label ?? partition.name),
      orDash(partition.mountpoints.join(', ')),
    ]),
  );
}
