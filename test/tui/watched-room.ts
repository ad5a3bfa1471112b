/** The sample room as the server sends it: details of a host only when they are asked for. */

import type { HostView } from '../../lib/model/host.ts';
import { RunId } from '../../lib/model/ids.ts';
import type { RoomHandlers } from './in-room.ts';
import { sampleRoom, type SampleRoom } from './sample-room.ts';

/** The run that left a disk half written. */
export const HALF_WRITTEN_BY = RunId.parse('run-0000000009');

export type WatchedRoom = { readonly room: SampleRoom; readonly handlers: RoomHandlers };

/** `change` says what is different about a host. */
export function watchedRoom(
  change: (host: HostView) => HostView = (host) => host,
  share: number | null = null,
): WatchedRoom {
  const room = sampleRoom(share);
  const hosts = room.hosts.map(change);
  const [first] = hosts;
  const [task] = sampleRoom().tasks;
  if (first === undefined || task === undefined) throw new TypeError('the room is not empty');
  const oneOf = (wanted: string): HostView => hosts.find(({ id }) => id === wanted) ?? first;
  return {
    room: { ...room, hosts },
    handlers: {
      'inventory.watch': () =>
        Promise.resolve({
          hosts: hosts.map(briefly),
          gone: [],
          areGroupsChanged: true,
          areImagesChanged: true,
          areSettingsChanged: true,
        }),
      'host.show': ({ host }) => Promise.resolve(oneOf(host)),
      'host.edit': ({ host }) => Promise.resolve(oneOf(host)),
      'host.editMany': ({ changes }) => Promise.resolve(changes.map(({ host }) => oneOf(host))),
      'host.add': ({ mac, name }) => Promise.resolve({ ...first, mac, name: name ?? 'by-mac' }),
      'host.approve': ({ hosts: ids }) => Promise.resolve(ids.map(oneOf)),
      'host.clear': ({ host }) => Promise.resolve(oneOf(host)),
      'host.acceptMachine': ({ host }) => Promise.resolve(oneOf(host)),
      'host.delete': () => Promise.resolve({}),
      'host.wake': () => Promise.resolve({ waking: [], alreadyOn: [] }),
      'task.create': () => Promise.resolve(task),
    },
  };
}

/** As server/watches/inventory-watch.ts does. */
function briefly(host: HostView): HostView {
  const { systemInfo } = host;
  if (systemInfo === null) return host;
  const disks = systemInfo.disks.map((disk) => ({ ...disk, partitions: [] }));
  return { ...host, systemInfo: { ...systemInfo, processors: [], interfaces: [], disks } };
}

/** The host with other disks: the first one changed, and more of its kind. */
export function withDisks(
  host: HostView,
  ...changes: readonly { readonly address?: string; readonly sizeBytes?: number }[]
): HostView {
  const { systemInfo } = host;
  const [disk] = systemInfo?.disks ?? [];
  if (systemInfo === null || disk === undefined) return host;
  return {
    ...host,
    systemInfo: { ...systemInfo, disks: changes.map((change) => ({ ...disk, ...change })) },
  };
}
