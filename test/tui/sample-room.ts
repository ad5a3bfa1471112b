/** A room of thirty hosts with images, groups, tasks and a transmission: what the UI's tests and pictures show. */

import type { Trouble } from '../../lib/model/trouble.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Image, Manifest } from '../../lib/model/image.ts';
import type { HostView } from '../../lib/model/host.ts';
import { Task } from '../../lib/model/task.ts';
import type { GroupView } from '../../lib/model/group.ts';
import type { Status } from '../../lib/model/status.ts';
import { OPERATOR_METHODS } from '../../lib/protocol/operator-api/table.ts';
import { sampleHost } from '../support/hosts.ts';
import { sampleStatus } from '../support/servers.ts';
import { image, roomManifest } from './room-images.ts';
import { GB, ROOM_TIME } from './room-units.ts';
import { ended, deploying, progressOf, sessionAt } from './room-tasks.ts';

export const HOST_COUNT = 30;

/** Of a connection that there was. */
export const BROKEN_OFF: Trouble = {
  kind: 'broken-off',
  place: '/run/openclone/server.sock',
  account: 'anna',
  detail: message('end.broken-off'),
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

export function hostId(number: number): HostView['id'] {
  return ID_SCHEMA.hostId.parse(`host-${String(number).padStart(10, '0')}`);
}

const ID_SCHEMA = {
  hostId: Task.shape.runs.element.shape.hostId,
  groupId: OPERATOR_METHODS['group.show'].result.shape.id,
};

function groupId(number: number): GroupView['id'] {
  return ID_SCHEMA.groupId.parse(`group-${String(number).padStart(10, '0')}`);
}
