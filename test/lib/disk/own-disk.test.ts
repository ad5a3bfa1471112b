import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Host } from '../../../lib/model/host.ts';
import type { BootEntry, Disk, DiskPartition, SystemInfo } from '../../../lib/model/system-info.ts';
import { ownDiskOf } from '../../../lib/disk/own-disk.ts';
import { sampleHost } from '../../server/store/sample-data.ts';

const ESP = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';
const OWN_UUID = 'cd4af5f8-e244-e04c-8a24-3015adcff8f7';
const STICK_UUID = '11111111-e244-e04c-8a24-3015adcff8f7';

function partitionOf(
  uuid: string,
  serial: string,
  change: Partial<DiskPartition> = {},
): DiskPartition {
  return {
    number: 1,
    startSector: 2048,
    sizeBytes: 100_000_000,
    typeCode: ESP,
    name: null,
    uuid,
    filesystem: { type: 'vfat', uuid: serial, label: null },
    mountpoints: [],
    ...change,
  };
}

function diskOf(change: Partial<Disk>): Disk {
  const [disk] = sampleHost(1).systemInfo?.disks ?? [];
  assert.ok(disk !== undefined);
  return { ...disk, partitions: [], ...change };
}

const OWN = diskOf({ partitions: [partitionOf(OWN_UUID, '46CE-79F2')] });
const STICK = diskOf({
  address: '/dev/sdb',
  transport: 'usb',
  removable: true,
  partitions: [partitionOf(STICK_UUID, '1111-2222')],
});

function hostWith(change: Partial<SystemInfo>, host: Partial<Host> = {}): Host {
  const sample = sampleHost(1);
  assert.ok(sample.systemInfo !== null);
  return { ...sample, systemInfo: { ...sample.systemInfo, disks: [OWN], ...change }, ...host };
}

function entry(path: string, partitionUuid = OWN_UUID): BootEntry {
  return { label: 'system', partitionUuid, path };
}

function pathsOf(host: Host): string[] {
  return (ownDiskOf(host)?.loaders ?? []).map(
    ({ filesystemUuid, path }) => `${filesystemUuid} ${path}`,
  );
}

describe('the loaders of a host with UEFI', () => {
  test('the loaders of a host with UEFI are those of the firmware’s order first, then all that are known, on its own partition', () => {
    const paths = pathsOf(
      hostWith({
        bootEntries: [entry('/EFI/Microsoft/Boot/bootmgfw.efi'), entry('/EFI/debian/shimx64.efi')],
      }),
    );
    assert.deepEqual(paths.slice(0, 3), [
      '46CE-79F2 /EFI/Microsoft/Boot/bootmgfw.efi',
      '46CE-79F2 /EFI/debian/shimx64.efi',
      '46CE-79F2 /EFI/ubuntu/shimx64.efi',
    ]);
    assert.ok(paths.includes('46CE-79F2 /EFI/BOOT/BOOTX64.EFI'));
    assert.equal(new Set(paths).size, paths.length);
  });

  test('the loaders of a host with UEFI are never those of a stick, also when it is first in the firmware’s order', () => {
    for (const stick of [STICK, { ...STICK, removable: false }, { ...STICK, transport: 'sata' }]) {
      const paths = pathsOf(
        hostWith({
          disks: [stick, OWN],
          bootEntries: [entry('/EFI/debian/shimx64.efi', STICK_UUID)],
        }),
      );
      assert.ok(paths.length > 0);
      assert.ok(
        paths.every((path) => path.startsWith('46CE-79F2 ')),
        paths.join('\n'),
      );
    }
  });

  test('the loaders of a host with UEFI are not those of partitions that are gone or that two disks have', () => {
    const gone = entry('/EFI/gone/loader.efi', '22222222-e244-e04c-8a24-3015adcff8f7');
    assert.ok(
      !pathsOf(hostWith({ bootEntries: [gone] }))
        .join()
        .includes('gone'),
    );
    const twin = { ...OWN, address: '/dev/sda' };
    const both = hostWith({ disks: [OWN, twin], bootEntries: [entry('/EFI/twin/loader.efi')] });
    assert.ok(!pathsOf(both).join().includes('twin'));
  });

  test('the loaders of a host with UEFI are none on a file system whose serial number another disk has too, built in or not', () => {
    const bootEntries = [entry('/EFI/debian/shimx64.efi')];
    for (const copy of [
      { ...OWN, address: '/dev/sda' },
      { ...STICK, partitions: [partitionOf(STICK_UUID, '46CE-79F2')] },
    ]) {
      assert.equal(ownDiskOf(hostWith({ disks: [OWN, copy], bootEntries })), null);
    }
  });

  test('the loaders of a host with UEFI: the default loader stands for an entry that names a partition only', () => {
    const [first] = pathsOf(hostWith({ bootEntries: [entry('/')] }));
    assert.equal(first, '46CE-79F2 /EFI/BOOT/BOOTX64.EFI');
  });

  for (const path of [
    '/EFI/a b/x.efi',
    '/EFI/$x/x.efi',
    "/EFI/'x'/x.efi",
    '/EFI/x.efi; reboot',
    '/EFI/../x.efi',
    '/EFI/x.efi\nreboot',
    '/EFI/x.cfg',
  ]) {
    test(`the loaders of a host with UEFI: a path that a script could take for more than that is passed over: ${JSON.stringify(path)}`, () => {
      assert.ok(
        !pathsOf(hostWith({ bootEntries: [entry(path)] })).some((each) => each.includes(path)),
      );
    });
  }

  test('the loaders of a host with UEFI: a serial number of FAT that is none is passed over', () => {
    const disk = { ...OWN, partitions: [partitionOf(OWN_UUID, '46CE-79F2; reboot')] };
    assert.equal(ownDiskOf(hostWith({ disks: [disk], bootEntries: [entry('/EFI/x.efi')] })), null);
  });
});

describe('the disk of a host with a BIOS', () => {
  const withCode = (address: string, signature: string | null, change: Partial<Disk> = {}): Disk =>
    diskOf({ address, bootSector: { signature, hasCode: true }, ...change });
  const blank = diskOf({ address: '/dev/sdz', bootSector: { signature: null, hasCode: false } });
  const rows: readonly (readonly [what: string, Disk[], expected: string | null])[] = [
    ['is the only one with boot code', [blank, withCode('/dev/sda', '1b2e3f40')], '1b2e3f40'],
    [
      'is not a stick',
      [withCode('/dev/sdb', '99999999', { transport: 'usb' }), withCode('/dev/sda', '1b2e3f40')],
      '1b2e3f40',
    ],
    [
      'is the firmware’s business when two built-in ones have boot code',
      [withCode('/dev/sda', '1b2e3f40'), withCode('/dev/sdb', '1b2e3f41')],
      null,
    ],
    ['is not found by a signature that it does not have', [withCode('/dev/sda', null)], null],
    [
      'is not found by a signature that a stick has too',
      [withCode('/dev/sda', '1b2e3f40'), withCode('/dev/sdb', '1b2e3f40', { removable: true })],
      null,
    ],
    ['is not known of an engine that did not tell', [diskOf({})], null],
  ];
  for (const [what, disks, expected] of rows) {
    test(`the disk of a host with a BIOS: ${what}`, () => {
      const own = ownDiskOf(hostWith({ firmware: 'bios', disks }));
      assert.equal(own?.diskSignature ?? null, expected);
    });
  }
});

test('nothing is known of a host that nobody has taken in, or that never was in the engine', () => {
  const systemInfo = { bootEntries: [entry('/EFI/debian/shimx64.efi')] };
  assert.notEqual(ownDiskOf(hostWith(systemInfo)), null);
  assert.equal(ownDiskOf(hostWith(systemInfo, { approval: 'pending' })), null);
  assert.equal(ownDiskOf(hostWith({}, { systemInfo: null })), null);
});
