import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatorError } from '../../../lib/errors.ts';
import { parseBlkid } from '../../../engine/tools/blkid.ts';
import { parseFindmnt } from '../../../engine/tools/findmnt.ts';
import { parseIpAddress } from '../../../engine/tools/ip.ts';
import { listBlockDevices, parseLsblk } from '../../../engine/tools/lsblk.ts';
import { parseLscpu } from '../../../engine/tools/lscpu.ts';
import { recorded } from './recorded.ts';

const toolFailed = (error: unknown): boolean =>
  error instanceof OperatorError && error.code === 'tool-failed';

describe('lsblk 2.38.1', () => {
  test('lsblk 2.38.1 gives disks with their partitions below them', () => {
    const devices = parseLsblk(recorded('lsblk-2.38.1-two-disks.json'));
    assert.deepEqual(
      devices.map(({ path, type, children }) => [path, type, children.length]),
      [
        ['/dev/loop0', 'loop', 8],
        ['/dev/loop1', 'loop', 5],
        ['/dev/zram0', 'disk', 0],
        ['/dev/vda', 'disk', 0],
      ],
    );
    assert.equal(devices[3]?.sizeBytes, 274877906944);
    assert.equal(devices[3].physicalSectorBytes, 4096);
  });

  test('lsblk 2.38.1 gives mountpoints with spaces and umlauts, and active swap', () => {
    const [disk] = parseLsblk(recorded('lsblk-2.38.1-two-disks.json'));
    assert.deepEqual(
      disk?.children.map(({ mountpoints }) => mountpoints),
      [[], [], ['/tmp/p5/m/ä b'], [], ['/tmp/p5/m/bt'], ['[SWAP]'], [], []],
    );
  });

  test('lsblk 2.38.1 gives nothing when the named device does not exist', () => {
    assert.deepEqual(parseLsblk(recorded('lsblk-2.38.1-none-found.json')), []);
  });

  test('lsblk 2.38.1 is not asked at all when no device is named, because it would list every one', async () => {
    const unexpected = (): Promise<never> => Promise.reject(new Error('must not run'));
    assert.deepEqual(await listBlockDevices(unexpected, []), []);
  });

  test('a device that goes away while lsblk looks at it is left out, and the others stay', () => {
    const text = recorded('lsblk-2.38.1-two-disks.json');
    const whole = parseLsblk(text);
    const [first = assert.fail()] = whole[0]?.children ?? [];
    // As lsblk 2.38.1 had it of a partition that was removed meanwhile: nothing is known of its queue.
    const gone: unknown = JSON.parse(text, (key, value: unknown) =>
      isRecord(value) && value['path'] === first.path
        ? { ...value, size: null, 'log-sec': null, 'phy-sec': null, ro: null, rm: null }
        : value,
    );
    const found = parseLsblk(JSON.stringify(gone));
    assert.deepEqual(
      found.map(({ path }) => path),
      whole.map(({ path }) => path),
    );
    assert.deepEqual(
      found[0]?.children.map(({ path }) => path),
      whole[0]?.children.slice(1).map(({ path }) => path),
    );
  });
  test('lsblk 2.38.1 is an operator error when it prints no JSON or something else', () => {
    assert.throws(() => parseLsblk('lsblk: out of memory'), toolFailed);
    assert.throws(() => parseLsblk('{"blockdevices":[{"path":1}]}'), toolFailed);
  });
});

describe('blkid 2.38.1', () => {
  const filesystemOf = (name: string): (string | null)[] => {
    const probe = parseBlkid(recorded(`blkid-2.38.1-${name}.txt`));
    return [probe.filesystemType, probe.filesystemUuid, probe.filesystemLabel];
  };

  test('blkid 2.38.1 gives type, UUID and label of every file system, with umlauts and spaces', () => {
    assert.deepEqual(filesystemOf('gpt-vfat'), ['vfat', 'D948-E688', 'EFIBOOT']);
    assert.deepEqual(filesystemOf('gpt-ext4'), [
      'ext4',
      '924c7f10-6fa0-4996-86e3-89052c0ea06f',
      'Größe',
    ]);
    assert.deepEqual(filesystemOf('gpt-xfs'), [
      'xfs',
      'b8ce73b2-a08f-457e-90c9-cd542adc2d55',
      'xfsÜ',
    ]);
    assert.deepEqual(filesystemOf('gpt-btrfs'), [
      'btrfs',
      'b19981ab-7541-44ec-bae4-73c6d796da87',
      'Büro Daten',
    ]);
    assert.deepEqual(filesystemOf('gpt-swap'), [
      'swap',
      'bfa59981-8456-4e90-8d20-d352e47b7b46',
      'swäp',
    ]);
    assert.deepEqual(filesystemOf('gpt-ntfs'), ['ntfs', '289FDFFC14A743DD', 'Windows Ä']);
    assert.deepEqual(filesystemOf('mbr-ntfs'), ['ntfs', '289FDFFC14A743DD', 'Übung']);
    assert.deepEqual(filesystemOf('mbr-vfat'), ['vfat', 'D94B-3E9B', 'DATEN']);
  });

  test('blkid 2.38.1 gives no file system for unknown content', () => {
    assert.deepEqual(filesystemOf('gpt-random'), [null, null, null]);
    assert.deepEqual(filesystemOf('gpt-bios_boot'), [null, null, null]);
  });

  test('blkid 2.38.1 gives no file system when two signatures contradict each other', () => {
    assert.deepEqual(filesystemOf('ambivalent'), [null, null, null]);
  });

  test('blkid 2.38.1 gives partition types as the partition table model writes them', () => {
    const typeOf = (name: string): string | null =>
      parseBlkid(recorded(`blkid-2.38.1-${name}.txt`)).partitionType;
    assert.equal(typeOf('mbr-ntfs'), '0x07');
    assert.equal(typeOf('mbr-extended'), '0x05');
    assert.equal(typeOf('mbr-swap'), '0x82');
    assert.equal(typeOf('gpt-ext4'), '0FC63DAF-8483-4772-8E79-3D69D8477DE4');
    assert.equal(typeOf('gpt-disk'), null);
  });

  test('blkid 2.38.1 gives GPT partition names', () => {
    const nameOf = (name: string): string | null =>
      parseBlkid(recorded(`blkid-2.38.1-${name}.txt`)).partitionName;
    assert.equal(nameOf('gpt-ext4'), 'Würzel');
    assert.equal(nameOf('gpt-ntfs'), 'Basic data partition');
    assert.equal(nameOf('gpt-btrfs'), null);
  });

  test('blkid 2.38.1 gives the kind of table on a disk', () => {
    assert.equal(parseBlkid(recorded('blkid-2.38.1-gpt-disk.txt')).tableType, 'gpt');
    assert.equal(parseBlkid(recorded('blkid-2.38.1-mbr-disk.txt')).tableType, 'dos');
    assert.equal(parseBlkid('').tableType, null);
  });
});

describe('ip of iproute2 6.1.0', () => {
  test('ip of iproute2 6.1.0 gives MAC address, addresses and carrier of a hardware interface', () => {
    const eth0 = parseIpAddress(recorded('ip-6.1.0-virtio.json')).find(
      ({ name }) => name === 'eth0',
    );
    assert.deepEqual(eth0, {
      name: 'eth0',
      linkType: 'ether',
      kind: null,
      linkAddress: '02:fc:00:00:00:01',
      addresses: ['192.0.2.2/24', 'fd00::2/64', 'fe80::fc:ff:fe00:1/64'],
      linkUp: true,
    });
  });

  test('ip of iproute2 6.1.0 tells virtual interfaces by their kind', () => {
    const kinds = parseIpAddress(recorded('ip-6.1.0-namespace.json')).map((link) => [
      link.name,
      link.linkType,
      link.kind,
      link.linkUp,
    ]);
    assert.deepEqual(kinds, [
      ['lo', 'loopback', null, true],
      ['v1', 'ether', 'veth', true],
      ['eth0', 'ether', 'veth', true],
      ['br0', 'ether', 'bridge', false],
      ['tunX', 'none', 'tun', false],
    ]);
  });
});

describe('lscpu 2.38.1', () => {
  test('lscpu 2.38.1 gives sockets, cores, threads and the last-level cache', () => {
    assert.deepEqual(parseLscpu(recorded('lscpu-2.38.1.json')), {
      vendor: 'AuthenticAMD',
      model: 'AMD EPYC',
      socketCount: 1,
      coresPerSocket: 2,
      threadsPerSocket: 2,
      maxMhz: null,
      cacheBytes: 33554432,
    });
  });

  test('lscpu 2.38.1 is also read in the nested form of later versions', () => {
    const nested = {
      lscpu: [
        {
          field: 'Vendor ID:',
          data: 'GenuineIntel',
          children: [
            {
              field: 'Model name:',
              data: 'Xeon',
              children: [
                { field: 'Thread(s) per core:', data: '2' },
                { field: 'Core(s) per socket:', data: '8' },
                { field: 'Socket(s):', data: '2' },
                { field: 'CPU max MHz:', data: '3900.0000' },
              ],
            },
          ],
        },
      ],
    };
    assert.deepEqual(parseLscpu(JSON.stringify(nested)), {
      vendor: 'GenuineIntel',
      model: 'Xeon',
      socketCount: 2,
      coresPerSocket: 8,
      threadsPerSocket: 16,
      maxMhz: 3900,
      cacheBytes: null,
    });
  });
});

describe('findmnt 2.38.1', () => {
  test('findmnt 2.38.1 gives mountpoints with spaces and umlauts, and what is mounted', () => {
    const mounts = parseFindmnt(recorded('findmnt-2.38.1.json'));
    assert.deepEqual(mounts.slice(-2), [
      {
        mountpoint: '/tmp/p5/m/ä b',
        source: '/dev/loop0p3',
        deviceNumber: '259:2',
        filesystemType: 'ext4',
      },
      {
        mountpoint: '/tmp/p5/m/bt',
        source: '/dev/loop0p5',
        deviceNumber: '0:39',
        filesystemType: 'btrfs',
      },
    ]);
  });
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
