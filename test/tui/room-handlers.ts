/** A small server's answers about a room. */

import type { Handlers } from '../../lib/protocol/contract.ts';
import { Settings } from '../../lib/model/settings.ts';
import { type OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import { SAMPLE_MANIFEST } from '../support/images.ts';
import { sampleTask } from '../support/tasks.ts';
import { type SampleRoom } from './sample-room.ts';

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
