/** The disks that can be captured or deployed to, with what lies on them. */

import { join } from 'node:path';
import type { Run } from '../../lib/exec/run.ts';
import {
  Disk,
  PartitionUuid,
  type BootSector,
  type DiskPartition,
} from '../../lib/model/system-info.ts';
import { KERNEL_SECTOR_BYTES, bytesToSectors, sectorsToBytes } from '../../lib/units.ts';
import { parseMbrSector } from '../../lib/disk/tables/mbr.ts';
import { fileReader } from '../../lib/disk/file-reader.ts';
import { probeDevice, type BlkidProbe } from '../tools/blkid.ts';
import { listBlockDevices, type LsblkDevice } from '../tools/lsblk.ts';
import { readPartitionPlace } from './block-device.ts';
import { factOr, keepValid } from './optional-facts.ts';
import { readSysfs, readSysfsBytes } from './sysfs.ts';

/**
 * All disks, or of those at the addresses `onlyDisks` the ones that exist; only that way loop devices count.
 * Partitions are those the kernel knows. Throws `tool-missing` or `tool-failed` when lsblk does not work.
 */
export async function readDisks(run: Run, onlyDisks: readonly string[] | null): Promise<Disk[]> {
  const devices = await listBlockDevices(run, onlyDisks);
  const disks = devices.filter((device) => device.sizeBytes > 0 && isDisk(device, onlyDisks));
  return keepValid(Disk, await Promise.all(disks.map((device) => describeDisk(run, device))));
}

/** Kernel devices that lsblk calls disks and nobody clones: memory, floppies, flash areas for firmware. */
const NO_DISKS = /^(zram|ram|fd|mtdblock|nbd)\d|^mmcblk\d+(boot\d+|rpmb)$/;

function isDisk(device: LsblkDevice, onlyDisks: readonly string[] | null): boolean {
  if (onlyDisks !== null) return onlyDisks.includes(device.path);
  return device.type === 'disk' && !NO_DISKS.test(device.kernelName);
}

async function describeDisk(run: Run, device: LsblkDevice): Promise<Disk> {
  const content = await probe(run, device.path);
  const partitions = device.children.filter(({ type }) => type === 'part');
  return {
    address: device.path,
    sizeBytes: device.sizeBytes,
    logicalSectorBytes: device.logicalSectorBytes,
    physicalSectorBytes: device.physicalSectorBytes,
    model: modelOf(device),
    serial: device.serial ?? (await readSerial(device.kernelName)),
    wwn: device.wwn ?? (await readWwn(device.kernelName)),
    firmware:
      device.revision ??
      (await readSysfs(`/sys/class/block/${device.kernelName}/device/firmware_rev`)),
    transport: device.transport,
    readOnly: device.readOnly,
    removable: device.removable,
    tableType: tableTypeOf(content),
    // A dying disk may take minutes for a sector; blkid was given a limit.
    bootSector: content?.readable === true ? await readBootSector(device) : null,
    partitions: (
      await Promise.all(partitions.map((child) => describePartition(run, device, child)))
    )
      .flat()
      .sort((a, b) => a.number - b.number),
  };
}

/** Null when it cannot be read. */
async function readBootSector(device: LsblkDevice): Promise<BootSector | null> {
  const sector = await factOr(null, async () => {
    const reader = await fileReader(device.path, device.logicalSectorBytes);
    try {
      return await reader.read(0, 1);
    } finally {
      await reader.close();
    }
  });
  if (sector === null) return null;
  const mbr = parseMbrSector(sector);
  if (mbr === null) return { signature: null, hasCode: false };
  const { bootCode, diskSignature } = mbr;
  return {
    signature: diskSignature === 0 ? null : diskSignature.toString(16).padStart(8, '0'),
    hasCode: bootCode.some((byte) => byte !== 0),
  };
}

function probe(run: Run, address: string): Promise<BlkidProbe | null> {
  return factOr(null, () => probeDevice(run, address));
}

function tableTypeOf(content: BlkidProbe | null): Disk['tableType'] {
  if (content?.readable !== true) return 'unknown';
  switch (content.tableType) {
    case null:
      return 'none';
    case 'dos':
    case 'gpt':
      return content.tableType;
    default:
      return 'unknown';
  }
}

async function describePartition(
  run: Run,
  disk: LsblkDevice,
  partition: LsblkDevice,
): Promise<DiskPartition[]> {
  const place = await readPartitionPlace(`/sys/class/block/${partition.kernelName}`);
  // Gone since lsblk listed it.
  if (place === null) return [];
  const content = await probe(run, partition.path);
  const startBytes = sectorsToBytes(place.startKernelSector, KERNEL_SECTOR_BYTES);
  return [
    {
      number: place.number,
      startSector: bytesToSectors(startBytes, disk.logicalSectorBytes),
      sizeBytes: partition.sizeBytes,
      typeCode: content?.partitionType ?? '',
      name: content?.partitionName ?? null,
      uuid: PartitionUuid.nullable().safeParse(content?.partitionUuid ?? null).data ?? null,
      filesystem:
        content === null || content.filesystemType === null
          ? null
          : {
              type: content.filesystemType,
              uuid: content.filesystemUuid,
              label: content.filesystemLabel,
            },
      mountpoints: mountpointsOf(partition),
    },
  ];
}

/** Where it or anything built on it (LVM, RAID, encryption) is mounted. */
function mountpointsOf(device: LsblkDevice): string[] {
  return [...new Set([...device.mountpoints, ...device.children.flatMap(mountpointsOf)])];
}

/** "SanDisk Ultra", "Samsung SSD 860": SCSI's vendor "ATA" and PCI numbers ("0x1af4") name nobody. */
function modelOf({ vendor, model }: LsblkDevice): string {
  if (model === null) return '';
  const named = vendor !== null && vendor !== 'ATA' && !/^0x[0-9a-f]+$/.test(vendor);
  return named && !model.startsWith(vendor) ? `${vendor} ${model}` : model;
}

/** What lsblk has from udev, for machines where none runs: virtio, NVMe and MMC, then SCSI and ATA. */
async function readSerial(kernelName: string): Promise<string | null> {
  const directory = join('/sys/class/block', kernelName);
  return (
    (await readSysfs(join(directory, 'serial'))) ??
    (await readSysfs(join(directory, 'device/serial'))) ??
    (await readVpdSerial(join(directory, 'device/vpd_pg80')))
  );
}

/** SCSI's vital product data page 0x80: four bytes of header, then the number in ASCII (SPC-4, 7.8.18). */
async function readVpdSerial(path: string): Promise<string | null> {
  const page = await readSysfsBytes(path);
  if (page === null || page.length < 4) return null;
  const serial = page.toString('latin1', 4, 4 + page.readUInt16BE(2)).trim();
  return serial === '' ? null : serial;
}

/** "naa.5002538e40b2c0d1" becomes "0x5002538e40b2c0d1", as udev and lsblk write it; "eui.…" stays. */
async function readWwn(kernelName: string): Promise<string | null> {
  const directory = join('/sys/class/block', kernelName);
  const wwid =
    (await readSysfs(join(directory, 'wwid'))) ?? (await readSysfs(join(directory, 'device/wwid')));
  if (wwid?.startsWith('naa.') === true) return `0x${wwid.slice('naa.'.length)}`;
  return wwid?.startsWith('eui.') === true ? wwid : null;
}
