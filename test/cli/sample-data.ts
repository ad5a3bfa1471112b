/** One of everything the server answers with, for printers and for the test's own server. */

import type { z } from 'zod';
import { HostView } from '../../lib/model/host.ts';
import { HostId, RunId, TaskId } from '../../lib/model/ids.ts';
import { Image, Manifest } from '../../lib/model/image.ts';
import { RunProgress, Session, Task } from '../../lib/model/task.ts';
import { newRun } from '../../server/tasks/new-run.ts';
import type { GroupView } from '../../lib/model/group.ts';
import type { Status } from '../../lib/model/status.ts';
import { OPERATOR_METHODS } from '../../lib/protocol/operator-api/table.ts';
import { message, verbatim } from '../../lib/model/messages/table.ts';
import type { Message } from '../../lib/model/message.ts';

export const TIME = '2026-11-21T07:00:00.000Z';
const SHA256 = 'a'.repeat(64);

const stream = (
  name: string,
  content: 'partclone' | 'raw',
): z.input<typeof Manifest>['gaps'][0]['stream'] => ({
  name,
  content,
  tool: 'partclone.ntfs 0.3.23',
  rawBytes: 60_000_000,
  sizeBytes: 21_000_000,
  sha256: SHA256,
});

export const SAMPLE_MANIFEST = Manifest.parse({
  formatVersion: 1,
  imageId: 'image-0000000001',
  versionId: 'version-0000000002',
  name: 'win11',
  capturedAt: TIME,
  host: { id: 'host-0000000001', name: 'golden', mac: '52:54:00:77:00:01' },
  program: 'OpenClone 0.1.0',
  disk: {
    address: '/dev/sda',
    model: 'Samsung SSD 860',
    serial: 'S3Z8NB0K',
    wwn: null,
    sizeBytes: 500_107_862_016,
    logicalSectorBytes: 512,
    physicalSectorBytes: 512,
  },
  requiredBytes: 400_000_000,
  compression: 'zstd',
  compressionTool: 'zstd 1.5.4',
  partitionTable: {
    type: 'dos',
    diskSignature: '8b527f66',
    sectorSizeBytes: 512,
    diskSectors: 976_773_168,
    partitions: [],
  },
  sfdiskDump: 'label: dos\n',
  tableAreas: [
    {
      kind: 'mbr',
      startSector: 0,
      sectorCount: 1,
      dataBase64: Buffer.alloc(512).toString('base64'),
    },
    {
      kind: 'ebr',
      startSector: 206_848,
      sectorCount: 1,
      dataBase64: Buffer.alloc(512).toString('base64'),
    },
  ],
  gaps: [{ startSector: 1, sectorCount: 2047, stream: stream('gap-1.raw.zst', 'raw') }],
  partitions: [
    {
      number: 1,
      startSector: 2048,
      sectorCount: 204_800,
      filesystem: { type: 'ntfs', uuid: 'AA', label: 'Müller' },
      content: { type: 'stream', stream: stream('p1.partclone.zst', 'partclone') },
    },
    {
      number: 2,
      startSector: 206_848,
      sectorCount: 400_000,
      filesystem: null,
      content: { type: 'extended' },
    },
    {
      number: 5,
      startSector: 208_896,
      sectorCount: 100_000,
      filesystem: {
        type: 'swap',
        uuid: '7a1d8f0e-3a52-4c2b-9d0e-4a1f5b6c7d8e',
        label: "it's swap",
      },
      content: { type: 'swap', uuid: '7a1d8f0e-3a52-4c2b-9d0e-4a1f5b6c7d8e', label: "it's swap" },
    },
  ],
});

export const SAMPLE_IMAGE = Image.parse({
  id: 'image-0000000001',
  name: 'win11',
  createdAt: TIME,
  versions: [
    {
      id: 'version-0000000002',
      capturedAt: TIME,
      hostId: 'host-0000000001',
      hostName: 'golden',
      manifestSha256: SHA256,
      diskSizeBytes: 500_107_862_016,
      sectorSizeBytes: 512,
      requiredBytes: 400_000_000,
      storedBytes: 42_000_000,
      rawBytes: 120_000_000,
      compression: 'zstd',
      tableType: 'dos',
      partitionCount: 3,
    },
  ],
});

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

type RunInput = z.input<typeof Task>['runs'][0];

/** A run of the sample task on host `number`; waiting unless `change` says otherwise. */
export function sampleRun(number: number, change: Partial<RunInput> = {}): RunInput {
  const digits = String(number).padStart(10, '0');
  return {
    ...newRun({
      id: RunId.parse(`run-${digits}`),
      taskId: TaskId.parse('task-0000000001'),
      hostId: HostId.parse(`host-${digits}`),
    }),
    ...change,
  };
}

/** A running run in the middle of writing its first partition. */
export function workingRun(number: number): RunInput {
  return sampleRun(number, {
    state: 'running',
    disk: '/dev/sda (Samsung SSD 860, serial S3Z8NB01, 500107862016 bytes)',
    diskIdentity: identity('S3Z8NB01'),
    startedAt: TIME,
    steps: [sampleStep('write-p1', WRITE, 'running')],
  });
}

export function failedRun(number: number): RunInput {
  return sampleRun(number, {
    state: 'failed',
    disk: '/dev/sda (Samsung SSD 860, serial S3Z8NB02, 500107862016 bytes)',
    diskIdentity: identity('S3Z8NB02'),
    diskOutcome: 'cleared',
    startedAt: TIME,
    endedAt: TIME,
    steps: [sampleStep('write-p1', WRITE, 'failed')],
    error: {
      code: 'disk-write-failed',
      message: 'writing to /dev/sda1',
      hint: 'Replace the disk.',
      causes: ['No space left on device'],
    },
  });
}

export function doneRun(number: number): RunInput {
  return sampleRun(number, {
    state: 'completed',
    diskOutcome: 'complete',
    startedAt: TIME,
    endedAt: TIME,
    steps: [sampleStep('write-p1', WRITE, 'completed')],
  });
}

function identity(serial: string): NonNullable<RunInput['diskIdentity']> {
  const sizeBytes = 500_107_862_016;
  return { address: '/dev/sda', model: 'Samsung SSD 860', serial, wwn: null, sizeBytes };
}

const WRITE = message('step.write-partition', {
  partition: 1,
  filesystem: 'ntfs',
  sizeBytes: 60_000_000,
});

export function sampleStep(
  id: string,
  title: string | Message,
  state: RunInput['steps'][0]['state'],
): RunInput['steps'][0] {
  return {
    id,
    title: typeof title === 'string' ? verbatim(title) : title,
    state,
    totalBytes: 60_000_000,
    writes: true,
    startedAt: TIME,
    endedAt: state === 'running' ? null : TIME,
    doneBytes: state === 'running' ? 0 : 60_000_000,
    notes: [],
    error: null,
  };
}

export function sampleTask(runs: readonly RunInput[]): Task {
  return Task.parse({
    id: 'task-0000000001',
    title: message('task.deploy', { image: 'win11', targets: ['room-1'], more: 0 }),
    createdAt: TIME,
    createdBy: 'anna',
    operations: [
      {
        type: 'deploy',
        disk: { type: 'only' },
        imageId: 'image-0000000001',
        versionId: 'version-0000000002',
        transport: 'auto',
        gatherMs: 120_000,
      },
    ],
    wake: false,
    waits: { since: TIME, until: '2026-11-22T10:00:00.000Z' },
    runs,
  });
}

export function sampleProgress(number: number, fraction: number): RunProgress {
  const digits = String(number).padStart(10, '0');
  const progress = {
    doneBytes: Math.round(60_000_000 * fraction),
    totalBytes: 60_000_000,
    fraction,
    bytesPerSecond: 12_300_000,
    remainingMs: 42_000,
  };
  return RunProgress.parse({
    runId: `run-${digits}`,
    hostId: `host-${digits}`,
    stepId: 'write-p1',
    step: progress,
    total: progress,
  });
}

export const SAMPLE_SESSION = Session.parse({
  id: 'session-0000000001',
  taskId: 'task-0000000001',
  imageId: 'image-0000000001',
  versionId: 'version-0000000002',
  state: 'sending',
  interfaceName: 'eth0',
  portBase: 9000,
  dataAddress: '232.10.0.1',
  members: [
    { hostId: 'host-0000000001', runId: 'run-0000000001', ready: true },
    { hostId: 'host-0000000002', runId: 'run-0000000002', ready: false },
  ],
  expected: 3,
  createdAt: TIME,
  startedAt: TIME,
  endedAt: null,
  totalBytes: 42_000_000,
  sentBytes: 10_500_000,
  resentShare: 0.0123,
  error: null,
});

export function sampleStatus(
  tasks: readonly Task[],
  progress: readonly RunProgress[] = [],
  sessions: readonly Session[] = [],
): Status {
  return OPERATOR_METHODS['status.get'].result.parse({
    server: {
      programVersion: '0.1.0',
      protocolVersion: 1,
      hostname: 'cloner',
      startedAt: TIME,
      kernel: '6.1.0',
      processor: 'Xeon',
      processorCount: 2,
      loadAverage: [0.1, 0.25, 1],
      memoryBytes: 8_000_000_000,
      freeMemoryBytes: 4_000_000_000,
      imageStore: {
        path: '/srv/openclone/images',
        sizeBytes: 1_000_000_000,
        freeBytes: 750_000_000,
      },
    },
    hosts: { total: 12, idle: 2, working: 3, off: 7, pending: 0 },
    boot: null,
    problems: [],
    tasks,
    hostNames: Object.fromEntries(
      tasks.flatMap((task) =>
        task.runs.map((run) => [run.hostId, `pc-${run.hostId.slice(-2)}`] as const),
      ),
    ),
    progress,
    sessions,
  });
}
