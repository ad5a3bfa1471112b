/**
 * "The host's own disk" is the one that its firmware would start: by the real boot loaders, with sticks and blank disks
 * in the way. No engine runs: what it tells of the disks is read from their images by its own code.
 */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readDisks } from '../../../engine/system-info/disks.ts';
import { MacAddress } from '../../../lib/model/names.ts';
import type { BootEntry, Disk } from '../../../lib/model/system-info.ts';
import { ownDiskOf } from '../../../lib/disk/own-disk.ts';
import { bootFileRenderer, type BootFile } from '../../../server/boot/boot-file-renderer.ts';
import { sampleHost } from '../../server/store/sample-data.ts';
import { DEFAULT_SUITE } from '../install/suite.ts';
import { attachLoop, detachLoops } from '../loop-device.ts';
import { makeBlankDisk, makeDataDisk, makeLoaderDisk, makeSpeakingDisk } from './disks.ts';
import type { Firmware, MachineDisk } from './machine.ts';
import { openVmRoom, type VmRoom } from './room.ts';
import { BOOT_TIMEOUT_MS, FULL_NFS } from './scenario.ts';

type Scenario = {
  readonly title: string;
  readonly firmware: Firmware;
  /** The machine's disks, and of them those that its engine has seen, with what the firmware's order says. */
  readonly make: (room: VmRoom) => Promise<{
    readonly disks: readonly MachineDisk[];
    readonly known: readonly string[] | null;
    readonly bootOrder?: (partitionUuid: string) => BootEntry[];
    readonly expected: string;
    readonly unwanted: string;
  }>;
};

const DEBIAN = 'EFI/debian/shimx64.efi';
const WINDOWS = 'EFI/Microsoft/Boot/bootmgfw.efi';

const SCENARIOS: readonly Scenario[] = [
  {
    title: 'UEFI: the built-in disk, although a stick with an installed Debian is first',
    firmware: 'uefi',
    make: async ({ run, directory }) => {
      const own = await makeLoaderDisk(run, directory, [WINDOWS]);
      const stick = await makeLoaderDisk(run, directory, [DEBIAN, 'EFI/BOOT/BOOTX64.EFI']);
      return {
        disks: [
          { file: stick.file, bus: 'usb', bootIndex: 2 },
          { file: own.file, bus: 'virtio', bootIndex: 3 },
        ],
        known: [own.file],
        expected: own.marker,
        unwanted: stick.marker,
      };
    },
  },
  {
    title: 'UEFI: Windows on a disk with two systems, when it is first in the firmware’s order',
    firmware: 'uefi',
    make: async ({ run, directory }) => {
      const own = await makeLoaderDisk(run, directory, [DEBIAN, WINDOWS]);
      return {
        disks: [{ file: own.file, bus: 'nvme', bootIndex: 2 }],
        known: [own.file],
        bootOrder: (partitionUuid) => [
          { label: 'Windows Boot Manager', partitionUuid, path: `/${WINDOWS}` },
          { label: 'debian', partitionUuid, path: `/${DEBIAN}` },
        ],
        expected: `${own.marker} from (hd0,gpt1)/EFI/Microsoft/Boot`,
        unwanted: `${own.marker} from (hd0,gpt1)/EFI/debian`,
      };
    },
  },
  {
    title: 'UEFI: the second built-in disk, when the first one is blank',
    firmware: 'uefi',
    make: async ({ run, directory }) => {
      const own = await makeLoaderDisk(run, directory, [DEBIAN]);
      const blank = makeBlankDisk(directory, 'uefi-blank');
      return {
        disks: [
          { file: blank, bus: 'virtio', bootIndex: 2 },
          { file: own.file, bus: 'virtio', bootIndex: 3 },
        ],
        known: [blank, own.file],
        expected: own.marker,
        unwanted: 'Shell>',
      };
    },
  },
  {
    title: 'UEFI: another disk, when the one that was known is gone',
    firmware: 'uefi',
    make: async ({ run, directory }) => {
      const gone = await makeLoaderDisk(run, directory, [DEBIAN]);
      const other = await makeLoaderDisk(run, directory, [WINDOWS]);
      return {
        disks: [{ file: other.file, bus: 'virtio', bootIndex: 2 }],
        known: [gone.file],
        expected: other.marker,
        unwanted: gone.marker,
      };
    },
  },
  {
    title:
      'BIOS: as the firmware would without us, when nobody knows the disks and the first one is blank',
    firmware: 'bios',
    make: ({ directory }) =>
      Promise.resolve({
        disks: [{ file: makeBlankDisk(directory, 'bios-unknown'), bus: 'virtio', bootIndex: 2 }],
        known: null,
        // SeaBIOS, when none of its devices could be booted.
        expected: 'No bootable device.',
        unwanted: 'treating disk as raw',
      }),
  },
  {
    title: 'BIOS: the second built-in disk, when the first one is blank',
    firmware: 'bios',
    make: async ({ run, directory }) => {
      const own = await makeSpeakingDisk(run, directory);
      const blank = makeBlankDisk(directory, 'bios-blank');
      return {
        disks: [
          { file: blank, bus: 'virtio', bootIndex: 2 },
          { file: own.file, bus: 'virtio', bootIndex: 3 },
        ],
        known: [blank, own.file],
        expected: own.marker,
        unwanted: 'No bootable device',
      };
    },
  },
  {
    title: 'BIOS: the built-in disk, although a stick with a system is first',
    firmware: 'bios',
    make: async ({ run, directory }) => {
      const own = await makeSpeakingDisk(run, directory);
      const stick = await makeSpeakingDisk(run, directory);
      return {
        disks: [
          { file: stick.file, bus: 'usb', bootIndex: 2 },
          { file: own.file, bus: 'ide', bootIndex: 3 },
        ],
        known: [own.file],
        expected: own.marker,
        unwanted: stick.marker,
      };
    },
  },
  {
    title: 'BIOS: the disk with boot code, behind one that has a partition table and none',
    firmware: 'bios',
    make: async ({ run, directory }) => {
      const own = await makeSpeakingDisk(run, directory);
      const data = await makeDataDisk(run, directory);
      return {
        disks: [
          { file: data, bus: 'virtio', bootIndex: 2 },
          { file: own.file, bus: 'nvme', bootIndex: 3 },
        ],
        known: [data, own.file],
        expected: own.marker,
        unwanted: 'No bootable device',
      };
    },
  },
  {
    title: 'BIOS: another disk, when the one that was known is gone',
    firmware: 'bios',
    make: async ({ run, directory }) => {
      const gone = await makeSpeakingDisk(run, directory);
      const other = await makeSpeakingDisk(run, directory);
      return {
        disks: [{ file: other.file, bus: 'ide', bootIndex: 2 }],
        known: [gone.file],
        expected: other.marker,
        unwanted: gone.marker,
      };
    },
  },
];

describe('a host without work starts', { concurrency: 2 }, () => {
  let room: VmRoom | undefined;

  before(async () => {
    room = await openVmRoom({ ...FULL_NFS, suite: DEFAULT_SUITE });
    put(room, bootFileRenderer(room.site, null).forUnknownHosts('disk'));
  });
  after(async () => room?.close());

  for (const { title, firmware, make } of SCENARIOS) {
    test(`a host without work starts: ${title}`, async () => {
      assert.ok(room !== undefined);
      const { disks, known, bootOrder, expected, unwanted } = await make(room);
      const host = await room.addHost({ firmware, memoryMebibytes: 256, moreDisks: disks });
      if (known !== null) {
        const seen = (await Promise.all(known.map((file) => inventory(room, file)))).flat();
        const uuid = seen.at(-1)?.partitions[0]?.uuid ?? '';
        const own = ownDisk(firmware, seen, bootOrder?.(uuid) ?? []);
        const mac = MacAddress.parse(host.mac);
        put(
          room,
          bootFileRenderer(room.site, null).forHost(mac, 'disk', { localBoot: 'site', own }),
        );
      }
      host.powerOn();
      await host.console.waitFor(literal(expected), {
        timeoutMs: BOOT_TIMEOUT_MS,
        unwanted: literal(unwanted),
        signal: undefined,
      });
      await host.powerOff();
    });
  }
});

/** What the engine would tell of the disk in the file. */
async function inventory(room: VmRoom | undefined, file: string): Promise<Disk[]> {
  assert.ok(room !== undefined);
  const device = await attachLoop(room.run, file, { readOnly: true });
  try {
    return await readDisks(room.run, [device]);
  } finally {
    await room.run('partx', ['--delete', device], { allowedStatuses: [0, 1] });
    await detachLoops(room.run, { path: file });
  }
}

function ownDisk(
  firmware: Firmware,
  disks: Disk[],
  bootEntries: BootEntry[],
): ReturnType<typeof ownDiskOf> {
  const host = sampleHost(1);
  assert.ok(host.systemInfo !== null);
  const kind = firmware === 'bios' ? 'bios' : 'uefi';
  const systemInfo = { ...host.systemInfo, firmware: kind, disks, bootEntries } as const;
  const own = ownDiskOf({ ...host, systemInfo });
  assert.ok(own !== null, 'the inventory tells nothing of the disk');
  return own;
}

function put({ site }: VmRoom, files: readonly BootFile[]): void {
  for (const { path, text } of files) {
    const file = join(site.tftpDirectory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Firmware breaks lines at 80 columns. */
function literal(text: string): RegExp {
  const words = text.split(' ').map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(words.join('\\s+'));
}
