import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Disk } from '../../../lib/model/system-info.ts';
import { diskChoices, type DiskChoice } from '../../../lib/disk/disk-choices.ts';
import { sampleHost } from '../../support/hosts.ts';

const IMAGE = { requiredBytes: 400, sectorSizeBytes: 512 };

type Known = Parameters<typeof diskChoices>[0][number];

function host(name: string, ...disks: Partial<Disk>[]): Known {
  const { systemInfo } = sampleHost(1, name);
  const [first] = systemInfo?.disks ?? [];
  if (systemInfo === null || first === undefined) throw new TypeError('the sample has a disk');
  return {
    name,
    systemInfo: { ...systemInfo, disks: disks.map((change) => ({ ...first, ...change })) },
  };
}

const brief = ({ selector, disks, smallestBytes, fault }: DiskChoice): unknown => [
  selector.type === 'only' ? 'only' : selector.value,
  disks.length,
  smallestBytes,
  fault === null ? null : `${fault.type} ${fault.hosts.join()}`,
];

describe('disks that can be written in every host', () => {
  test('disks that can be written in every host are one where each host has one: its address says the same once more and is left out', () => {
    const hosts = [host('a', { sizeBytes: 900 }), host('b', { sizeBytes: 500 })];
    assert.deepEqual(diskChoices(hosts, [IMAGE]).map(brief), [['only', 2, 500, null]]);
  });

  test('disks that can be written in every host are named by address where a host has several; what cannot be taken comes last', () => {
    const hosts = [
      host('a', { sizeBytes: 900 }),
      host('b', { sizeBytes: 500 }, { address: '/dev/sdb', sizeBytes: 900 }),
    ];
    assert.deepEqual(diskChoices(hosts, [IMAGE]).map(brief), [
      ['/dev/sda', 2, 500, null],
      ['only', 1, 900, 'ambiguous b'],
      ['/dev/sdb', 1, 900, 'missing a'],
    ]);
  });

  test('disks that can be written in every host do not count sticks, but name what the only disk is called elsewhere', () => {
    const stick = { address: '/dev/sdb', removable: true, sizeBytes: 999 };
    const hosts = [host('a', { address: '/dev/nvme0n1', sizeBytes: 700 }, stick), host('b', {})];
    const [first] = diskChoices(hosts, [{ ...IMAGE, requiredBytes: 1 }]);
    assert.deepEqual(
      first?.disks.map(({ disk }) => disk.address),
      ['/dev/nvme0n1', '/dev/sda'],
    );
  });

  test('disks that can be written in every host are refused with the hosts that stand against them', () => {
    const faultOf = (change: Partial<Disk>): string =>
      String(diskChoices([host('a'), host('b', change)].slice(1), [IMAGE])[0]?.fault?.type);
    assert.equal(faultOf({ sizeBytes: 399 }), 'too-small');
    assert.equal(faultOf({ sizeBytes: 400 }), 'undefined');
    assert.equal(faultOf({ logicalSectorBytes: 4096 }), 'sector-size');
    assert.equal(faultOf({ readOnly: true }), 'read-only');
    assert.deepEqual(diskChoices([host('a')], [IMAGE]).map(brief), [
      ['only', 0, null, 'missing a'],
    ]);
  });

  test('disks that can be written in every host must fulfil the demands of every image that is to go onto them', () => {
    const other = { requiredBytes: 600, sectorSizeBytes: 512 };
    const [first] = diskChoices([host('a', { sizeBytes: 500 })], [IMAGE, other]);
    assert.deepEqual(first?.fault, {
      type: 'too-small',
      hosts: ['a'],
      presentBytes: 500,
      neededBytes: 600,
    });
    const foreign = { requiredBytes: 1, sectorSizeBytes: 4096 };
    assert.equal(diskChoices([host('a', {})], [IMAGE, foreign])[0]?.fault?.type, 'sector-size');
  });

  test('disks that can be written in every host may be write-protected or small when no image is to go onto them', () => {
    assert.equal(diskChoices([host('a', { sizeBytes: 1, readOnly: true })], [])[0]?.fault, null);
  });

  test('disks that can be written in every host are not known of hosts that were never here', () => {
    const hosts: Known[] = [{ name: 'new', systemInfo: null }, host('b', { sizeBytes: 500 })];
    assert.deepEqual(diskChoices(hosts, [IMAGE]).map(brief), [['only', 1, 500, null]]);
    assert.deepEqual(diskChoices(hosts.slice(0, 1), [IMAGE]).map(brief), [['only', 0, null, null]]);
  });
});
