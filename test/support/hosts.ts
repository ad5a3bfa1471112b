/** A host and a group as a server shows them. */

import type { z } from 'zod';
import { HostView } from '../../lib/model/host.ts';
import type { GroupView } from '../../lib/model/group.ts';
import { OPERATOR_METHODS } from '../../lib/protocol/operator-api/table.ts';
import { TIME } from './times.ts';

/** A host with one fixed disk. */
export function sampleHost(number: number, name: string): z.output<typeof HostView> {
  const digits = String(number).padStart(2, '0');
  return HostView.parse({
    id: `host-00000000${digits}`,
    name,
    mac: `52:54:00:77:00:${digits}`,
    groupId: 'group-0000000001',
    serialNumber: null,
    ipAddress: null,
    registeredAt: TIME,
    lastSeenAt: TIME,
    approval: 'approved',
    halfWritten: null,
    debugShell: false,
    state: 'idle',
    groupName: 'room-1',
    address: `10.77.0.${number}`,
    systemInfo: {
      hostname: name,
      systemVendor: 'Dell Inc.',
      systemModel: 'OptiPlex 7010',
      systemSerial: 'ABC123',
      firmware: 'uefi',
      processors: [
        { vendor: 'Intel', model: 'i5-3470', mhz: 3200, cores: 4, threads: 4, cacheBytes: null },
      ],
      memoryBytes: 8_000_000_000,
      interfaces: [
        {
          name: 'eth0',
          mac: `52:54:00:77:00:${digits}`,
          addresses: [`10.77.0.${number}/24`],
          linkUp: true,
          mbitPerSecond: 1000,
        },
      ],
      disks: [
        {
          address: '/dev/sda',
          sizeBytes: 500_107_862_016,
          logicalSectorBytes: 512,
          physicalSectorBytes: 4096,
          model: 'Samsung SSD 860',
          serial: `S3Z8NB${digits}`,
          wwn: null,
          firmware: null,
          transport: 'sata',
          readOnly: false,
          removable: false,
          tableType: 'gpt',
          partitions: [
            {
              number: 1,
              startSector: 2048,
              sizeBytes: 100_000_000,
              typeCode: '0x07',
              name: null,
              filesystem: { type: 'ntfs', uuid: null, label: 'System' },
              mountpoints: [],
            },
          ],
        },
      ],
      operatingSystems: [{ partition: '/dev/sda1', name: 'Windows 11' }],
    },
  });
}

export const SAMPLE_GROUP: GroupView = OPERATOR_METHODS['group.show'].result.parse({
  id: 'group-0000000001',
  name: 'room-1',
  createdAt: TIME,
  hosts: [
    { id: 'host-0000000001', name: 'pc-01' },
    { id: 'host-0000000002', name: 'pc-02' },
  ],
});
