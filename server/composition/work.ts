/** What gives hosts their work: who is connected, sessions, waking, runs; and what the clock brings about. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lib/exec/run.ts';
import type { Host } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import { repeating, type Components } from '../components.ts';
import { OtherMachines } from '../hosts/other-machines.ts';
import { JobClock } from '../jobs/job-clock.ts';
import { endRegistration } from '../hosts/registrations.ts';
import type { ServerOptions } from '../server-options.ts';
import { MulticastSessions } from '../sessions/multicast-sessions.ts';
import { RunLogs } from '../tasks/run-logs.ts';
import { RunTokens } from '../tasks/run-tokens.ts';
import { Work } from '../tasks/work.ts';
import { localSubnets } from '../wake/destinations.ts';
import { expectedBootOf } from '../wake/expected-boot.ts';
import { sendPacket } from '../wake/send-packet.ts';
import { WAKE_TIMING, WakeScheduler } from '../wake/wake-scheduler.ts';
import { ConnectedWorkers } from '../workers/connected-workers.ts';
import type { Storage } from './storage.ts';

/** How soon after an engine has come the wake scheduler forgets its host. */
const ARRIVALS_MS = 200;
/** How often the end of automatic registration is checked; no host is approved after it either way. */
const REGISTRATION_END_MS = 1000;
/** How often it is looked whether hosts have fallen silent. */
const SILENCE_MS = 1000;
/** How often it is looked whether a job is due. */
const JOBS_MS = 5000;

export type WorkParts = {
  readonly connected: ConnectedWorkers;
  readonly otherMachines: OtherMachines;
  readonly sessions: MulticastSessions;
  readonly wakeScheduler: WakeScheduler;
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
  const connected = new ConnectedWorkers();
  const otherMachines = new OtherMachines({ log, tell, onChanged });
  const runLogs = await RunLogs.open({
    dataDirectory,
    knownRuns: () => new Set(store.read().tasks.flatMap(({ runs }) => runs.map(({ id }) => id))),
  });
  const wakeScheduler = await startWakeScheduler(components, options, storage, connected);
  const directory = join(dataDirectory, 'sessions');
  await rm(directory, { recursive: true, force: true });
  const tokens = await RunTokens.open(dataDirectory);
  const work = await components.start({
    name: 'work',
    start: () =>
      new Work({
        store,
        images,
        connected,
        tokens,
        log,
        tell,
        onChanged,
        newSessions: (listener) =>
          new MulticastSessions({
            run,
            log,
            directory,
            listener,
            onChanged,
            firstPort: options.sessionPort,
            sender: options.sender,
            pathOf: (manifest, stream) =>
              images.streamPath(manifest.imageId, manifest.versionId, stream.name),
          }),
        graceMs: options.graceMs,
        keepVersions: options.keepVersions,
        onAbsent: (hostId) => {
          const host = hostIn(storage, hostId);
          if (host !== undefined) wakeScheduler.wake([host]);
        },
      }),
    stop: (each) => {
      each.close();
      each.sessions.close('the server was stopped');
    },
  });
  // Its timers are released with it when this fails.
  await work.resumeAfterRestart();
  await startClocks(components, options, storage, connected);
  await startJobs(components, options, storage, { work, wakeScheduler });
  return { connected, otherMachines, sessions: work.sessions, wakeScheduler, work, runLogs };
}

async function startWakeScheduler(
  components: Components,
  { log, site, wakeTiming }: ServerOptions,
  storage: Storage,
  connected: ConnectedWorkers,
): Promise<WakeScheduler> {
  const { store, changes, bootFiles } = storage;
  const wakeScheduler = await components.start({
    name: 'wakeScheduler',
    start: () =>
      new WakeScheduler({
        log,
        hostOf: (hostId) => hostIn(storage, hostId),
        expectedBootOf: (hostId) => {
          const hasBuild = bootFiles === null || bootFiles.build !== null;
          return expectedBootOf({ store, connected, hasBuild }, hostId);
        },
        subnets: () => site?.subnets ?? localSubnets(),
        send: sendPacket,
        onChanged: () => changes.emit(),
        timing: wakeTiming ?? WAKE_TIMING,
      }),
    stop: (each) => each.close(),
  });
  changes.listen(ARRIVALS_MS, () => {
    wakeScheduler.forgetArrived();
    return Promise.resolve();
  });
  return wakeScheduler;
}

/** What nobody says when it happens: hosts that fall silent, registration whose time is over. */
async function startClocks(
  components: Components,
  { log }: ServerOptions,
  { store, changes }: Storage,
  connected: ConnectedWorkers,
): Promise<void> {
  let silent = 0;
  await components.start(
    repeating('look for silent hosts', SILENCE_MS, () => {
      const before = silent;
      silent = connected.silentCount;
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

/** What was due while the server was down is looked at first of all. */
async function startJobs(
  components: Components,
  { log }: ServerOptions,
  { store, events }: Storage,
  { work, wakeScheduler }: Pick<WorkParts, 'work' | 'wakeScheduler'>,
): Promise<void> {
  const clock = new JobClock({
    making: { store, work, wakeScheduler },
    log,
    tell: (event) => events.add(event),
  });
  await clock.look(new Date());
  await components.start(repeating('start jobs', JOBS_MS, () => void clock.look(new Date())));
}

function hostIn({ store }: Storage, hostId: HostId): Host | undefined {
  return store.read().hosts.find(({ id }) => id === hostId);
}
