/** A room of thirty hosts with images, groups, tasks and a transmission: what the UI's tests and pictures show. */

import type { Trouble } from '../../lib/model/trouble.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import { Image, Manifest } from '../../lib/model/image.ts';
import type { HostView } from '../../lib/model/host.ts';
import { Settings } from '../../lib/model/settings.ts';
import { RunProgress, Session, Task } from '../../lib/model/task.ts';
import type { GroupView } from '../../lib/model/group.ts';
import type { Status } from '../../lib/model/status.ts';
import { OPERATOR_METHODS, type OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import {
  doneRun,
  failedRun,
  SAMPLE_IMAGE,
  SAMPLE_MANIFEST,
  SAMPLE_SESSION,
  sampleHost,
  sampleRun,
  sampleStatus,
  sampleStep,
  sampleTask,
  workingRun,
} from '../cli/sample-data.ts';
import { message } from '../../lib/model/messages/table.ts';

const GB = 1_000_000_000;
/** The time of all that is finished. */
export const ROOM_TIME = '2026-11-21T07:00:00.000Z';

export const HOST_COUNT = 30;

/** Of a connection that there was. */
export const BROKEN_OFF: Trouble = {
  kind: 'broken-off',
  place: '/run/openclone/server.sock',
  account: 'anna',
  detail: 'the connection broke off',
};

export type SampleRoom = {
  readonly hosts: readonly HostView[];
  readonly groups: readonly GroupView[];
  readonly images: readonly Image[];
  readonly manifest: Manifest;
  readonly tasks: readonly Task[];
  readonly status: Status;
};

/** `share`: how far the transmission is, 0 to 1; null: nothing runs. */
export function sampleRoom(share: number | null = 0.4): SampleRoom {
  const hosts = Array.from({ length: HOST_COUNT }, (_, index) =>
    roomHost(index + 1, share !== null),
  );
  const images = [
    image(1, 'win11', 3, 240 * GB),
    image(2, 'debian-12 Lehrerzimmer', 1, 12 * GB),
    image(3, 'Grundschule Köln (Ä/Ö)'.replace('/', '+'), 2, 38 * GB),
    image(4, 'empty-one', 0, 0),
  ];
  const tasks = share === null ? [ended(2), ended(3)] : [deploying(), ended(2), ended(3)];
  const base = sampleStatus(tasks);
  const status: Status = {
    ...base,
    server: {
      ...base.server,
      imageStore: { ...base.server.imageStore, sizeBytes: 4000 * GB, freeBytes: 1250 * GB },
    },
    hosts: { total: HOST_COUNT, idle: 6, working: share === null ? 0 : 20, off: 4, pending: 2 },
    hostNames: Object.fromEntries(hosts.map(({ id, name }) => [id, name])),
    progress: share === null ? [] : progressOf(share),
    sessions: share === null ? [] : [sessionAt(share)],
  };
  return { hosts, groups: groupsOf(hosts), images, manifest: roomManifest(), tasks, status };
}

/** Answers every reading call from `room`; changes are noted by the server and change nothing. */
export function roomHandlers(room: SampleRoom): Partial<Handlers<OperatorMethods>> {
  const [firstHost] = room.hosts;
  const [firstImage] = room.images;
  const [firstGroup] = room.groups;
  if (firstHost === undefined || firstImage === undefined || firstGroup === undefined) {
    throw new TypeError('the room is not empty');
  }
  return {
    'status.get': () => Promise.resolve(room.status),
    'status.watch': () => Promise.resolve(room.status),
    'host.list': () => Promise.resolve([...room.hosts]),
    'inventory.watch': () =>
      Promise.resolve({
        hosts: [...room.hosts],
        gone: [],
        areGroupsChanged: true,
        areImagesChanged: true,
        areSettingsChanged: true,
      }),
    'group.list': () => Promise.resolve([...room.groups]),
    'group.create': () => Promise.resolve(firstGroup),
    'group.edit': () => Promise.resolve(firstGroup),
    'group.delete': () => Promise.resolve({}),
    'image.list': () => Promise.resolve([...room.images]),
    'settings.get': () => Promise.resolve(Settings.parse({ automaticRegistration: false })),
    'image.show': ({ image: id }) =>
      Promise.resolve({
        image: room.images.find((each) => each.id === id) ?? firstImage,
        manifest: room.manifest,
        directory: '/srv/openclone/images/image-0000000001/version-0000000001',
      }),
    'image.rename': () => Promise.resolve(firstImage),
    'image.protect': ({ image: id, isProtected }) =>
      Promise.resolve({
        ...(room.images.find((each) => each.id === id) ?? firstImage),
        isProtected,
      }),
    'image.delete': () => Promise.resolve({}),
    'image.verify': () =>
      Promise.resolve([
        {
          imageId: firstImage.id,
          versionId: SAMPLE_MANIFEST.versionId,
          filesChecked: 5,
          bytesChecked: 42_000_000,
          problems: [],
        },
      ]),
    'task.list': ({ limit }) => Promise.resolve(room.tasks.slice(0, limit)),
    'task.show': ({ task: id }) => {
      const task = room.tasks.find((each) => each.id === id) ?? sampleTask([]);
      return Promise.resolve({ task, hostNames: room.status.hostNames, progress: [] });
    },
    'task.create': () => Promise.resolve(room.tasks[0] ?? sampleTask([])),
    'task.cancel': ({ task: id, host }) =>
      Promise.resolve({
        cancelled: (room.tasks.find((each) => each.id === id)?.runs ?? [])
          .filter(({ hostId: each }) => host === null || each === host)
          .map((run) => run.id),
      }),
    'run.log': ({ task: id, host }) => {
      const runs = room.tasks.find((each) => each.id === id)?.runs ?? [];
      return Promise.resolve(
        runs
          .filter(({ hostId }) => host === null || hostId === host)
          .map((run) => ({
            runId: run.id,
            hostId: run.hostId,
            hostName: room.status.hostNames[run.hostId] ?? run.hostId,
            lines: Array.from(
              { length: 60 },
              (_, index) => `07:00:${index} line ${index} of the log`,
            ),
            isCut: true,
          })),
      );
    },
    'session.start': () => Promise.resolve({}),
  };
}

function roomHost(number: number, isBusy: boolean): HostView {
  const base = sampleHost(number, `pc-${String(number).padStart(2, '0')}`);
  const isOff = number > 26;
  const isWorking = isBusy && number <= 20;
  const isPending = number > 28;
  return {
    ...base,
    id: hostId(number),
    groupId: isPending || number > 27 ? null : groupId(number <= 20 ? 1 : 2),
    groupName: isPending || number > 27 ? null : number <= 20 ? 'room-1' : 'Übungsraum 2',
    approval: isPending ? 'pending' : 'approved',
    state: isOff ? 'off' : isWorking ? 'working' : 'idle',
    address: isOff ? null : `10.77.0.${number}`,
  };
}

function groupsOf(hosts: readonly HostView[]): GroupView[] {
  return [
    { number: 1, name: 'room-1' },
    { number: 2, name: 'Übungsraum 2' },
    { number: 3, name: 'empty room' },
  ].map(({ number, name }) =>
    OPERATOR_METHODS['group.show'].result.parse({
      id: groupId(number),
      name,
      createdAt: ROOM_TIME,
      hosts: hosts
        .filter((host) => host.groupId === groupId(number))
        .map((host) => ({ id: host.id, name: host.name })),
    }),
  );
}

function hostId(number: number): HostView['id'] {
  return ID_SCHEMA.hostId.parse(`host-${String(number).padStart(10, '0')}`);
}

const ID_SCHEMA = {
  hostId: Task.shape.runs.element.shape.hostId,
  groupId: OPERATOR_METHODS['group.show'].result.shape.id,
};

function groupId(number: number): GroupView['id'] {
  return ID_SCHEMA.groupId.parse(`group-${String(number).padStart(10, '0')}`);
}

function image(number: number, name: string, versions: number, bytes: number): Image {
  const [version] = SAMPLE_IMAGE.versions;
  return Image.parse({
    id: `image-${String(number).padStart(10, '0')}`,
    name,
    createdAt: ROOM_TIME,
    isProtected: number === 2,
    versions: Array.from({ length: versions }, (_, index) => ({
      ...version,
      id: `version-${String(number * 10 + index).padStart(10, '0')}`,
      rawBytes: bytes,
      storedBytes: Math.round(bytes * 0.4),
      requiredBytes: 240 * GB,
      hostName: 'pc-07',
    })),
  });
}

function roomManifest(): Manifest {
  const sectors = (bytes: number): number => Math.floor(bytes / 512);
  const part = (
    number: number,
    start: number,
    size: number,
    type: string,
    label: string | null,
  ): object => ({
    number,
    startSector: sectors(start),
    sectorCount: sectors(size),
    filesystem: { type, uuid: null, label },
    content: {
      type: 'stream',
      stream: {
        ...SAMPLE_MANIFEST.gaps[0]?.stream,
        name: `p${number}.partclone.zst`,
        rawBytes: Math.round(size * 0.6),
        sizeBytes: Math.round(size * 0.25),
      },
    },
  });
  return Manifest.parse({
    ...SAMPLE_MANIFEST,
    partitions: [
      part(1, 1_048_576, 500_000_000, 'vfat', 'ESP'),
      part(2, 600_000_000, 16_000_000, 'ntfs', null),
      part(3, 616_000_000, 250 * GB, 'ntfs', 'Windows'),
      part(4, 251 * GB, 200 * GB, 'ext4', 'Daten für alle'),
      {
        number: 5,
        startSector: sectors(451 * GB),
        sectorCount: sectors(16 * GB),
        filesystem: { type: 'swap', uuid: null, label: null },
        content: { type: 'swap', uuid: null, label: null },
      },
    ],
  });
}

function deploying(): Task {
  const runs = Array.from({ length: 20 }, (_, index) => {
    const number = index + 1;
    if (number === 4) return failedRun(number);
    if (number === 9) return sampleRun(number);
    return { ...workingRun(number), sessionId: 'session-0000000001' };
  });
  return {
    ...sampleTask(runs),
    title: message('task.deploy', { image: 'win11', targets: ['room-1'], more: 0 }),
    createdAt: '2026-11-21T08:00:00.000Z',
  };
}

function ended(number: number): Task {
  const runs: Parameters<typeof sampleTask>[0] = [
    { ...doneRun(1), endedAt: '2026-11-21T07:12:34.000Z' },
    { ...failedRun(2), endedAt: '2026-11-21T07:05:00.000Z' },
    {
      ...doneRun(3),
      state: 'warned',
      endedAt: '2026-11-21T07:12:34.000Z',
      steps: [
        sampleStep(
          'check-target',
          message('step.check-target', {
            disk: {
              ...{ address: '/dev/sda', model: 'Samsung SSD 860', serial: 'S3Z8NB03' },
              ...{ wwn: null, sizeBytes: 500_107_862_016 },
            },
          }),
          'completed',
        ),
        {
          ...sampleStep(
            'write-ntfs-backup-p1',
            message('step.write-ntfs-backup', { partition: 1 }),
            'warned',
          ),
          notes: [message('note.no-room-for-ntfs-backup')],
        },
        sampleStep('sync-disk', message('step.sync-disk', { address: '/dev/sda' }), 'completed'),
      ],
    },
  ];
  const base = sampleTask(runs.slice(0, number));
  const id = `task-${String(number).padStart(10, '0')}`;
  return Task.parse({
    ...base,
    id,
    title:
      number === 2
        ? message('task.capture', { host: 'pc-07', image: 'win11' })
        : message('task.deploy', {
            ...{ image: 'debian-12 Lehrerzimmer', targets: ['Übungsraum 2'], more: 0 },
          }),
    createdAt: `2026-11-2${number === 2 ? 1 : 0}T07:00:00.000Z`,
    operations: number === 2 ? [CAPTURE] : base.operations,
    runs: base.runs.map((run) => ({ ...run, taskId: id })),
  });
}

const CAPTURE = {
  ...{ type: 'capture', disk: { type: 'only' } },
  ...{ imageName: 'win11', compression: 'zstd' },
};

function progressOf(share: number): RunProgress[] {
  return Array.from({ length: 20 }, (_, index) => {
    const digits = String(index + 1).padStart(10, '0');
    const fraction = Math.min(1, share + (index % 5) / 200);
    const progress = {
      doneBytes: Math.round(96 * GB * fraction),
      totalBytes: 96 * GB,
      fraction,
      bytesPerSecond: 96_800_000 + index * 100_000,
      remainingMs: (1 - fraction) * 600_000,
    };
    return RunProgress.parse({
      runId: `run-${digits}`,
      hostId: `host-${digits}`,
      stepId: 'write-p1',
      step: progress,
      total: progress,
    });
  });
}

function sessionAt(share: number): Session {
  return Session.parse({
    ...SAMPLE_SESSION,
    members: Array.from({ length: 20 }, (_, index) => {
      const number = index + 1;
      const digits = String(number).padStart(10, '0');
      return { hostId: `host-${digits}`, runId: `run-${digits}`, ready: true };
    }),
    expected: 20,
    totalBytes: 96 * GB,
    sentBytes: Math.round(96 * GB * share),
  });
}
