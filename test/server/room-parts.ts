/** How a room is, what it keeps on its disk, and where it finds its hosts. */

import type { Logins } from '../../server/login/identity.ts';
import { LoginRegistry } from '../../server/login/login-registry.ts';
import { passwordChecks } from '../../server/login/password-checks.ts';
import { LoginThrottle } from '../../server/login/throttle.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Run as RunTool } from '../../lib/exec/run.ts';
import { ImageStore } from '../../server/image-store/image-store.ts';
import {
  MulticastSessions,
  type SessionListener,
} from '../../server/sessions/multicast-sessions.ts';
import { RunTokens } from '../../server/tasks/run-tokens.ts';
import { Store } from '../../server/store/store.ts';
import { type ArrivalTimes } from '../../server/tasks/arrival-times.ts';
import type { ServerOperations } from '../../server/tasks/operations/row.ts';
import { type CapturedLog } from './captured-log.ts';
import { EventLog } from '../../server/events/event-log.ts';
import { RunLogs } from '../../server/tasks/run-logs.ts';

/** What `ip -json route get` says of a host beyond the loopback interface. */
const ROUTE = JSON.stringify([{ dst: '127.0.0.1', dev: 'lo', prefsrc: '127.0.0.1' }]);

export type RoomOptions = {
  readonly hosts?: number;
  readonly graceMs?: number;
  readonly keepVersions?: number;
  readonly maxStoreBytes?: number;
  /** Happens before the kernel's answer to where a host is. */
  readonly onRoute?: () => Promise<void>;
  readonly arrivalMs?: ArrivalTimes;
  /** What the server does for each kind of operation; the product's when absent. */
  readonly operations?: ServerOperations;
};

export type Parts = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly tokens: RunTokens;
  readonly events: EventLog;
  readonly runLogs: RunLogs;
};

export async function openParts(
  directory: string,
  { maxStoreBytes }: RoomOptions,
  { log }: CapturedLog,
): Promise<Parts> {
  const dataDirectory = join(directory, 'data');
  return {
    store: await Store.open(dataDirectory, maxStoreBytes),
    images: await ImageStore.open(join(directory, 'images')),
    tokens: await RunTokens.open(dataDirectory),
    events: await EventLog.open({ dataDirectory, log }),
    runLogs: await RunLogs.open({ dataDirectory, knownRuns: () => new Set() }),
  };
}

/** What the multicast sessions of a room need of it. */
export type SessionRoom = {
  readonly directory: string;
  readonly images: ImageStore;
  readonly captured: CapturedLog;
  readonly options: RoomOptions;
  changes: number;
};

/** The sessions of `room`; each change of one counts as a change of the room. */
export function roomSessions(room: SessionRoom, listener: SessionListener): MulticastSessions {
  return new MulticastSessions({
    run: loopbackRoute(() => room.options.onRoute?.()),
    listener,
    log: room.captured.log,
    firstPort: 19_000,
    directory: join(room.directory, 'sessions'),
    sender: { retriesUntilDrop: 5, ttl: 1, maxBitsPerSecond: null },
    pathOf: (manifest, stream) =>
      room.images.streamPath(manifest.imageId, manifest.versionId, stream.name),
    onChanged: () => (room.changes += 1),
  });
}

/** Answers where a host is: on the loopback interface, after `before`. */
function loopbackRoute(before: () => Promise<void> | undefined): RunTool {
  return async (tool, args) => {
    assert.deepEqual([tool, ...args.slice(0, 3)], ['ip', '-json', 'route', 'get']);
    await before();
    return { stdout: ROUTE, stderr: '', exitStatus: 0 };
  };
}

/** Logins for which no time passes. */
export function timelessLogins(): Logins {
  return {
    registry: new LoginRegistry({ clock: () => 0, idleMs: () => 1000 }),
    throttle: new LoginThrottle(() => 0),
    checks: passwordChecks(),
  };
}
