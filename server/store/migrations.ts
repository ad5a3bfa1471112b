/** The migrations: each makes a store of one version from a store of the version before. */

import { z } from 'zod';
import { boundedSystemInfo } from '../../lib/hosts/bounded-system-info.ts';
import { Host } from '../../lib/model/host.ts';
import {
  MAX_PARTITIONS,
  MAX_PENDING_INFO_BYTES,
  MAX_STEPS,
  MAX_SYSTEM_INFO_BYTES,
} from '../../lib/model/limits.ts';
import {
  Disk,
  DiskPartition,
  NetworkInterface,
  OperatingSystem,
  Processor,
  SystemInfo,
} from '../../lib/model/system-info.ts';
import type { Migrations } from './store-text.ts';
import { toVersion4 } from './to-version-4.ts';

/**
 * One row per version that has been superseded: version N → the function that makes version N + 1 of it, its
 * `schemaVersion` included. Rows stay for ever.
 */
export const MIGRATIONS: Migrations = new Map([
  [1, toVersion2],
  [2, toVersion3],
  [3, toVersion4],
  [4, toVersion5],
]);

/** Version 5: jobs and their starts. */
function toVersion5(old: unknown): unknown {
  return { ...z.looseObject({}).parse(old), schemaVersion: 5, jobs: [], jobStarts: [] };
}

const Version1 = z.looseObject({
  hosts: z.array(z.looseObject({ id: z.string() })),
  tasks: z.array(
    z.looseObject({
      runs: z.array(
        z.looseObject({
          id: z.string(),
          hostId: z.string(),
          disk: z.string().nullable(),
          diskOutcome: z.string().nullable(),
          endedAt: z.string().nullable(),
          steps: z.array(z.looseObject({ id: z.string() })),
        }),
      ),
    }),
  ),
});
type Run1 = z.infer<typeof Version1>['tasks'][number]['runs'][number];

/** Version 2: steps say whether they write; hosts are approved or pending, know of half-written disks and debug shells; operators; settings. */
function toVersion2(old: unknown): unknown {
  const { hosts, tasks, ...rest } = Version1.parse(old);
  const runs1 = tasks.flatMap(({ runs }) => runs);
  return {
    ...rest,
    schemaVersion: 2,
    // Version 1 took every host in that registered.
    hosts: hosts.map((host) => ({
      ...host,
      approval: 'approved',
      halfWritten: halfWrittenBy(runs1.filter(({ hostId }) => hostId === host.id)),
      debugShell: false,
    })),
    tasks: tasks.map(({ runs, ...task }) => ({
      ...task,
      wake: false,
      runs: runs.map(({ steps, ...run }) => ({
        ...run,
        steps: steps.map((step) => ({ ...step, writes: !isHarmless(step.id) })),
      })),
    })),
    operators: [],
    settings: { automaticRegistration: true },
  };
}

/** What the last of a host's runs that wrote to a disk has left there, by the rule of server/tasks/incomplete-disks.ts. */
function halfWrittenBy(
  runs: readonly Run1[],
): { runId: string; disk: string; since: string } | null {
  let last: { run: Run1; since: string } | null = null;
  for (const run of runs) {
    const { diskOutcome, endedAt } = run;
    if (endedAt === null || diskOutcome === null || diskOutcome === 'untouched') continue;
    if (last === null || last.since <= endedAt) last = { run, since: endedAt };
  }
  if (last === null || last.run.diskOutcome === 'complete') return null;
  const { run, since } = last;
  return { runId: run.id, disk: run.disk ?? 'an unknown disk', since };
}

/** In version 1 the first word of a step's name said whether it could write to a disk. */
function isHarmless(stepId: string): boolean {
  return /^(check|wait|read|capture|protect|store|shutdown)-/.test(stepId);
}

const Version2 = z.looseObject({
  hosts: z.array(
    z.looseObject({ approval: z.enum(['pending', 'approved']), systemInfo: z.unknown() }),
  ),
  tasks: z.array(z.looseObject({ runs: z.array(z.looseObject({ steps: z.array(z.unknown()) })) })),
});

/** How long work of version 2 waits, which had no end. */
const WAIT_MS_3 = 24 * 3_600_000;

/**
 * Version 3: tasks wait for their hosts until a given time; what is there already waits for a day from now on. What had
 * no bounds in version 2 is cut to them: a machine with hundreds of disks is no reason not to open a store.
 */
function toVersion3(old: unknown): unknown {
  const { hosts, tasks, ...rest } = Version2.parse(old);
  // A clock that is still behind what was stored has not been told the time.
  const moments = [...hosts.map((host) => host.lastSeenAt), ...tasks.map((task) => task.createdAt)];
  const now = moments.reduce<number>((latest, moment) => {
    const ms = typeof moment === 'string' ? Date.parse(moment) : NaN;
    return ms > latest ? ms : latest;
  }, Date.now());
  const waits = {
    since: new Date(now).toISOString(),
    until: new Date(now + WAIT_MS_3).toISOString(),
  };
  return {
    ...rest,
    schemaVersion: 3,
    hosts: hosts
      .map((host) => ({ ...host, systemInfo: boundedInfo2(host) }))
      // A stranger makes pending ones, and registers again. One that was approved is never lost silently.
      .filter((host) => host.approval !== 'pending' || Host.safeParse(host).success),
    tasks: tasks.map(({ runs, ...task }) => ({
      ...task,
      waits,
      runs: runs.map(({ steps, ...run }) => ({ ...run, steps: steps.slice(-MAX_STEPS) })),
    })),
  };
}

/** As much of what a host of version 2 said of itself as may be stored now; null when it makes no sense without the rest. */
function boundedInfo2({
  approval,
  systemInfo,
}: z.infer<typeof Version2>['hosts'][number]): SystemInfo | null {
  if (systemInfo === null) return null;
  const whole = SystemInfo.safeParse(systemInfo);
  const { data } = whole.success ? whole : SystemInfo.safeParse(fittingInfo2(systemInfo));
  if (data === undefined) return null;
  return boundedSystemInfo(
    data,
    approval === 'pending' ? MAX_PENDING_INFO_BYTES : MAX_SYSTEM_INFO_BYTES,
  );
}

const SystemInfo2 = z.looseObject({
  processors: z.array(z.unknown()),
  interfaces: z.array(z.looseObject({ addresses: z.array(z.unknown()) })),
  disks: z.array(
    z.looseObject({ partitions: z.array(z.looseObject({ mountpoints: z.array(z.unknown()) })) }),
  ),
  operatingSystems: z.array(z.unknown()),
});

/** `systemInfo` without the parts that are too many or too large, which are counted. */
function fittingInfo2(systemInfo: unknown): unknown {
  const { data } = SystemInfo2.safeParse(systemInfo);
  if (data === undefined) return null;
  let leftOut = 0;
  const fitting = (parts: readonly unknown[], schema: z.ZodType, most: number): unknown[] => {
    const kept = parts.filter((part) => schema.safeParse(part).success).slice(0, most);
    leftOut += parts.length - kept.length;
    return kept;
  };
  const interfaces = data.interfaces.map((each) => ({
    ...each,
    addresses: each.addresses.slice(0, MAX_PARTS_3),
  }));
  const disks = data.disks.map((disk) => {
    const partitions = disk.partitions.map((partition) => ({
      ...partition,
      mountpoints: partition.mountpoints.slice(0, MAX_PARTS_3),
    }));
    return { ...disk, partitions: fitting(partitions, DiskPartition, MAX_PARTITIONS) };
  });
  return {
    ...data,
    processors: fitting(data.processors, Processor, MAX_PARTS_3),
    interfaces: fitting(interfaces, NetworkInterface, MAX_PARTS_3),
    disks: fitting(disks, Disk, MAX_PARTS_3),
    operatingSystems: fitting(data.operatingSystems, OperatingSystem, MAX_PARTS_3),
    leftOut,
  };
}

/** Of a kind: processors, interfaces, an interface's addresses, disks, mount points, operating systems. */
const MAX_PARTS_3 = 256;
