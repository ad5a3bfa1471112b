/** Records as a real server has them, for the tests of the store. */

import { Host } from '../../../lib/model/host.ts';

/** Host number `index`, known since its first contact, with a whole system information (about 2 kB of JSON). */
export function sampleHost(index: number): Host {
  const hexadecimal = index.toString(16).padStart(6, '0');
  const tail = hexadecimal.replace(/(..)(..)(..)/, '$1:$2:$3');
  return Host.parse({
    id: `host-${index.toString(36).padStart(10, '0')}`,
    name: `pc-${index}`,
    mac: `52:54:00:${tail}`,
    groupId: null,
    serialNumber: null,
    ipAddress: null,
    registeredAt: '2026-11-21T07:00:00.000Z',
    lastSeenAt: '2026-11-21T07:00:00.000Z',
    systemInfo: {
      hostname: `pc-${index}`,
      systemVendor: 'Dell Inc.',
      systemModel: 'OptiPlex 7060',
      systemSerial: `SN${index}`,
      firmware: 'uefi',
      processors: [
        {
          vendor: 'GenuineIntel',
          model: 'Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz',
          mhz: 3000,
          cores: 6,
          threads: 6,
          cacheBytes: 9_437_184,
        },
      ],
      memoryBytes: 17_179_869_184,
      interfaces: [
        {
          name: 'eno1',
          mac: `52:54:00:${tail}`,
          addresses: ['10.77.0.101/24'],
          linkUp: true,
          mbitPerSecond: 1000,
        },
      ],
      disks: [
        {
          address: '/dev/nvme0n1',
          sizeBytes: 512_110_190_592,
          logicalSectorBytes: 512,
          physicalSectorBytes: 512,
          model: 'Samsung SSD 970 EVO Plus 500GB',
          serial: `S4EV${index}`,
          wwn: 'eui.0025385b01b1e2f3',
          firmware: '2B2QEXM7',
          transport: 'nvme',
          readOnly: false,
          removable: false,
          tableType: 'gpt',
          partitions: [1, 2, 3, 4].map((number) => ({
            number,
            startSector: 2048 * number,
            sizeBytes: 104_857_600,
            typeCode: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
            name: 'Basic data partition',
            filesystem: { type: 'ntfs', uuid: '5A3C7E2B4D1F0968', label: 'Windows' },
            mountpoints: [],
          })),
        },
      ],
      operatingSystems: [{ partition: '/dev/nvme0n1p3', name: 'Windows 10 Pro' }],
    },
    approval: 'approved',
    halfWritten: null,
    debugShell: false,
  });
}
