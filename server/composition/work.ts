/** What gives hosts their work: who is connected, sessions, waking, runs; and what the clock brings about. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lib/exec/run.ts';
import type { Host } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import { repeating, type Components } from '../components.ts';
import { OtherMachines } from '../hosts/other-machines.ts';
import { endRegistration } from '../hosts/registrations.ts';
import type { ServerOptions } from '../server-options.ts';
import { SessionBoard } from '../sessions/session-board.ts';
import { RunLogs } from '../tasks/run-logs.ts';
import { RunTokens } from '../tasks/run-tokens.ts';
import { Work } from '../tasks/work.ts';
import { localSubnets } from '../wake/destinations.ts';
import { prospectOf } from '../wake/prospect.ts';
import { sendPacket } from '../wake/send-packet.ts';
import { WAKE_PACE, Waker } from '../wake/waker.ts';
import { Live } from '../workers/live.ts';
import type { Storage } from './storage.ts';

/** How soon after an engine has come the waker forgets its host. */
const ARRIVALS_MS = 200;
/** How often it is looked whether the time of automatic registration is over: nobody is taken in after it either way. */
const REGISTRATION_END_MS = 1000;
/** How often it is looked whether hosts have fallen silent. */
const SILENCE_MS = 1000;

export type WorkParts = {
  readonly live: Live;
  readonly otherMachines: OtherMachines;
  readonly sessions: SessionBoard;
  readonly waker: Waker;
  readonly work: Work;
  readonly runLogs: RunLogs;
};

export async function startWork(
  components: Components,
  options: ServerOptions,
  storage: Storage,
): Promise<WorkParts> {
  const { dataDirectory, log } = options;
  const { store, images, changes, events } = storage;
  const onChanged = (): void => changes.emit();
  const tell = (event: LogEvent): void => events.add(event);
  const live = new Live();
  const otherMachines = new OtherMachines({ log, tell, onChanged });
  const runLogs = await RunLogs.open({
    dataDirectory,
    knownRuns: () => new Set(store.read().tasks.flatMap(({ runs }) => runs.map(({ id }) => id))),
  });
  const waker = await startWaker(components, options, storage, live);
  const directory = join(dataDirectory, 'sessions');
  await rm(directory, { recursive: true, force: true });
  const tokens = await RunTokens.open(dataDirectory);
  const work = await components.start({
    name: 'work',
    start: async () => {
      const made = new Work({
        ...{ store, images, live, tokens, log, tell, onChanged },
        newSessions: (listener) =>
          new SessionBoard({
            ...{ run, log, directory, listener, onChanged },
            firstPort: options.sessionPort,
            sender: options.sender,
            pathOf: (manifest, stream) =>
              images.streamPath(manifest.imageId, manifest.versionId, stream.name),
          }),
        graceMs: options.graceMs,
        keepVersions: options.keepVersions,
        onAbsent: (hostId) => {
          const host = hostIn(storage, hostId);
          if (host !== undefined) waker.wake([host]);
        },
      });
      await made.resumeAfterRestart();
      return made;
    },
    stop: (each) => {
      each.close();
      each.sessions.close('the server was stopped');
    },
  });
  await startClocks(components, options, storage, live);
  return { live, otherMachines, sessions: work.sessions, waker, work, runLogs };
}

async function startWaker(
  components: Components,
  { log, site, wakePace }: ServerOptions,
  storage: Storage,
  live: Live,
): Promise<Waker> {
  const { store, changes, bootFiles } = storage;
  const waker = await components.start({
    name: 'waker',
    start: () =>
      new Waker({
        log,
        hostOf: (hostId) => hostIn(storage, hostId),
        prospectOf: (hostId) => {
          const hasBuild = bootFiles === null || bootFiles.build !== null;
          return prospectOf({ store, live, hasBuild }, hostId);
        },
        subnets: () => site?.subnets ?? localSubnets(),
        send: sendPacket,
        onChanged: () => changes.emit(),
        pace: wakePace ?? WAKE_PACE,
      }),
    stop: (each) => each.close(),
  });
  changes.listen(ARRIVALS_MS, () => {
    waker.forgetArrived();
    return Promise.resolve();
  });
  return waker;
}

/** What nobody says when it happens: hosts that fall silent, registration whose time is over. */
async function startClocks(
  components: Components,
  { log }: ServerOptions,
  { store, changes }: Storage,
  live: Live,
): Promise<void> {
  let silent = 0;
  await components.start(
    repeating('look for silent hosts', SILENCE_MS, () => {
      const before = silent;
      silent = live.silentCount;
      if (silent !== before) changes.emit();
    }),
  );
  let couldNotEnd = false;
  await components.start(
    repeating('end of registration', REGISTRATION_END_MS, () => {
      endRegistration(store, Date.now()).then(
        (hasEnded) => {
          couldNotEnd = false;
          if (hasEnded) log.info({ event: 'registration-ended' }, 'automatic registration is over');
        },
        (error: unknown) => {
          if (!couldNotEnd) log.error({ event: 'fault', error }, 'ending automatic registration');
          couldNotEnd = true;
        },
      );
    }),
  );
}

function hostIn({ store }: Storage, hostId: HostId): Host | undefined {
  return store.read().hosts.find(({ id }) => id === hostId);
}
