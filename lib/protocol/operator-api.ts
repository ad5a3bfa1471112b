/** What operators' programs may ask of the server, and what it pushes to those that watch. */

import { z } from 'zod';
import { DiskSelector } from '../model/disk-selector.ts';
import { Group } from '../model/group.ts';
import { LocalBoot, HostView } from '../model/host.ts';
import { HostId, ImageId, RunId, SessionId, TaskId, VersionId } from '../model/ids.ts';
import { Compression, Image, Manifest } from '../model/image.ts';
import {
  MAX_GROUPS,
  MAX_HOSTS,
  MAX_IMAGES,
  MAX_OPERATORS,
  MAX_SESSIONS,
  MAX_TASKS,
  MAX_VERSIONS,
} from '../model/limits.ts';
import { LogEntry, MAX_LOG_ENTRIES } from '../model/log-entry.ts';
import {
  Count,
  Hostname,
  MacAddress,
  MachineText,
  Name,
  Reference,
  Timestamp,
} from '../model/names.ts';
import { WantedOperation } from '../model/operation.ts';
import { ShutdownMode } from '../model/operations/shutdown.ts';
import { TransportChoice } from '../model/operations/deploy.ts';
import { OperatorAccount, OperatorName } from '../model/operator-account.ts';
import { Settings, SettingsChange } from '../model/settings.ts';
import { RunProgress, Session, Task, WaitMs } from '../model/task.ts';
import { Wake } from '../model/wake.ts';

/** A host by id, name, MAC or IP address. */
const HostReference = z.string().min(1).max(253);
const Nothing = z.object({});
/** The names of hosts by id; the limit is in its metadata too, where the test of all limits sees it. */
const HostNames = z
  .record(HostId, z.string().max(253))
  .refine((names) => Object.keys(names).length <= MAX_HOSTS, 'too many names')
  .meta({ maxEntries: MAX_HOSTS });

const ServerInfo = z.object({
  programVersion: z.string().max(40),
  protocolVersion: z.number().int(),
  hostname: z.string().max(253),
  startedAt: Timestamp,
  kernel: z.string().max(256),
  processor: z.string().max(256),
  processorCount: z.number().int(),
  loadAverage: z.array(z.number().min(0).max(1e9)).max(3),
  memoryBytes: Count,
  freeMemoryBytes: Count,
  imageStore: z.object({ path: z.string().max(4096), sizeBytes: Count, freeBytes: Count }),
});
export type ServerInfo = z.infer<typeof ServerInfo>;

/** What everybody who can connect may know. */
const Greeting = ServerInfo.pick({
  programVersion: true,
  protocolVersion: true,
  hostname: true,
}).extend({
  /** Nothing but operator.login is answered before a login. */
  isLoginNeeded: z.boolean().default(false),
});
export type Greeting = z.infer<typeof Greeting>;

/** Something is wrong with the server that an operator can put right. */
const Problem = z.object({ what: z.string().max(4000), hint: z.string().max(4000) });
export type Problem = z.infer<typeof Problem>;

/** The build of the root file system that hosts boot; null: there is none, they boot their own disks. */
const BootBuild = z.string().max(100).nullable();

/** Everything that moves: what `openclone status` and the session view show. */
const Status = z.object({
  server: ServerInfo,
  hosts: z.object({
    total: Count,
    idle: Count,
    working: Count,
    off: Count,
    /** Of them, how many wait for an operator's approval. */
    pending: Count,
  }),
  /** Null on a server without a site, which boots no hosts. */
  boot: z.object({ build: BootBuild }).nullable(),
  problems: z.array(Problem).max(1000),
  /** Tasks with a run that is waiting or running, and the latest ended ones, newest first. */
  tasks: z.array(Task).max(MAX_TASKS),
  hostNames: HostNames,
  progress: z.array(RunProgress).max(MAX_HOSTS),
  sessions: z.array(Session).max(MAX_SESSIONS),
  /** Hosts that are being woken, or did not come. */
  wakes: z.array(Wake).max(MAX_HOSTS).default([]),
});
export type Status = z.infer<typeof Status>;

/** What is pushed: without the tasks when they are those of the last push, for they are nine tenths of it. */
const StatusUpdate = Status.partial({ tasks: true, hostNames: true });
export type StatusUpdate = z.infer<typeof StatusUpdate>;

/** What has changed of hosts, groups, images and settings. */
const RoomChange = z.object({
  /** New and changed ones, in no order; of what they are, only disks and systems, without partitions: see host.show. */
  hosts: z.array(HostView).max(MAX_HOSTS),
  gone: z.array(HostId).max(MAX_HOSTS),
  /** Whether group.list, image.list and settings.get would answer something else now. */
  areGroupsChanged: z.boolean(),
  areImagesChanged: z.boolean(),
  areSettingsChanged: z.boolean(),
});
export type RoomChange = z.infer<typeof RoomChange>;

const GroupView = Group.extend({
  hosts: z.array(z.object({ id: HostId, name: z.string().max(253) })).max(MAX_HOSTS),
});
export type GroupView = z.infer<typeof GroupView>;

/** One finding of a verification; an image is sound when there is none. */
const Verification = z.object({
  imageId: ImageId,
  versionId: VersionId,
  filesChecked: Count,
  bytesChecked: Count,
  problems: z
    .array(z.object({ file: z.string().max(4096), problem: z.string().max(4096) }))
    .max(100_000),
});
export type Verification = z.infer<typeof Verification>;

/** An operator as everybody may see them: their name, never a hash. */
const OperatorView = OperatorAccount.pick({ name: true, createdAt: true });
export type OperatorView = z.infer<typeof OperatorView>;

/** An operator with the password to be, or with the bcrypt hash of it that another program made. */
const OperatorWithSecret = z.union([
  z.strictObject({ name: OperatorName, password: z.string().max(1024) }),
  z.strictObject({ name: OperatorName, passwordHash: z.string().max(128) }),
]);

const OldPassword = { oldPassword: z.string().max(1024).optional() };
const OperatorWithNewSecret = z.union([
  z.strictObject({ name: OperatorName, password: z.string().max(1024), ...OldPassword }),
  z.strictObject({ name: OperatorName, passwordHash: z.string().max(128), ...OldPassword }),
]);

/** What a program keeps in memory to go on after its connection broke: 256 bits. */
const LoginToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Who shall get something: hosts and groups by reference. */
const Targets = z.array(z.string().min(1).max(253)).min(1).max(10_000);

export const OPERATOR_METHODS = {
  /** First call of a connection. */
  'server.hello': {
    params: z.object({
      protocolVersion: z.number().int(),
      /** Who asks, where no login says so. */
      operator: z.string().min(1).max(64),
      /** Whether a login is wanted where the socket alone would do: when there is an account. */
      wantsLogin: z.boolean().optional(),
      /** Of the login that an earlier connection had; without effect when that one is over. */
      loginToken: LoginToken.optional(),
    }),
    result: Greeting,
  },
  /** From now on the connection is this operator's. */
  'operator.login': {
    params: z.object({ name: z.string().max(64), password: z.string().max(1024) }),
    result: z.object({ name: OperatorName, loginToken: LoginToken }),
  },
  /** Ends the login, and the connection. */
  'operator.logout': { params: Nothing, result: Nothing },
  /** The operator is there: reads that a program makes by itself do not say so. */
  'operator.present': { params: Nothing, result: Nothing },
  'status.get': { params: Nothing, result: Status },
  /** From now on `status` notifications come, at most every `intervalMs`, when something changed. */
  'status.watch': {
    params: z.object({ intervalMs: z.number().int().min(100).max(60_000) }),
    result: Status,
  },
  /** From now on `room` notifications come, at most every `intervalMs`. Answers with all hosts. */
  'room.watch': {
    params: z.object({ intervalMs: z.number().int().min(100).max(60_000) }),
    result: RoomChange,
  },
  'host.list': {
    params: z.object({ group: Reference.nullable() }),
    result: z.array(HostView).max(MAX_HOSTS),
  },
  'host.show': { params: z.object({ host: HostReference }), result: HostView },
  'host.edit': {
    params: z.object({
      host: HostReference,
      name: Hostname.optional(),
      mac: MacAddress.optional(),
      /** null takes the host out of its group. */
      group: Reference.nullable().optional(),
      serialNumber: MachineText.nullable().optional(),
      ipAddress: z.ipv4().max(15).nullable().optional(),
      /** A shell on the host's own console, for the next start of its engine. */
      debugShell: z.boolean().optional(),
      /** How it goes on from the boot loader to its own disk. */
      localBoot: LocalBoot.optional(),
    }),
    result: HostView,
  },
  /** All changes or none: a conflict of one (also with another one of them) refuses them all. */
  'host.editMany': {
    params: z.object({
      changes: z
        .array(
          z.object({
            host: HostReference,
            name: Hostname.optional(),
            ipAddress: z.ipv4().max(15).nullable().optional(),
            /** null takes the host out of its group. */
            group: Reference.nullable().optional(),
          }),
        )
        .min(1)
        .max(10_000),
    }),
    result: z.array(HostView).max(MAX_HOSTS),
  },
  /** Makes a host known, and approved, before its engine has ever been here. */
  'host.add': {
    params: z.object({
      mac: MacAddress,
      /** Absent: it is called after its MAC address. */
      name: Hostname.optional(),
      group: Reference.optional(),
      ipAddress: z.ipv4().max(15).optional(),
    }),
    result: HostView,
  },
  /** Takes pending hosts in; approved ones stay so. */
  'host.approve': {
    params: z.object({ hosts: z.array(HostReference).min(1).max(10_000) }),
    result: z.array(HostView).max(MAX_HOSTS),
  },
  /** The operator says that the half-written disk is fine: the host boots from it again. */
  'host.clear': { params: z.object({ host: HostReference }), result: HostView },
  /**
   * From now on the host is another machine, one of its `otherMachines`. Which one has to be said if there are several;
   * null: the one that tells no serial number.
   */
  'host.acceptMachine': {
    params: z.object({
      host: HostReference,
      serialNumber: MachineText.nullable().optional(),
      /** The network adapter that it sent from, where several did. */
      hardwareAddress: MacAddress.optional(),
    }),
    result: HostView,
  },
  'host.delete': { params: z.object({ host: HostReference }), result: Nothing },
  /** Sends magic packets to those that are off; the status says how it goes on. Answers which. */
  'host.wake': {
    params: z.object({ targets: Targets }),
    result: z.object({
      waking: z.array(Wake).max(MAX_HOSTS),
      alreadyOn: z.array(z.string().max(253)).max(MAX_HOSTS),
    }),
  },
  'group.list': { params: Nothing, result: z.array(GroupView).max(MAX_GROUPS) },
  'group.show': { params: z.object({ group: Reference }), result: GroupView },
  'group.create': {
    params: z.object({ name: Name, hosts: z.array(HostReference).max(10_000) }),
    result: GroupView,
  },
  'group.edit': {
    params: z.object({
      group: Reference,
      name: Name.optional(),
      add: z.array(HostReference).max(10_000),
      remove: z.array(HostReference).max(10_000),
    }),
    result: GroupView,
  },
  /** Its hosts stay, without a group. */
  'group.delete': { params: z.object({ group: Reference }), result: Nothing },
  'image.list': { params: Nothing, result: z.array(Image).max(MAX_IMAGES) },
  'image.show': {
    params: z.object({ image: Reference }),
    /** `directory` is where the newest version lies on the server. */
    result: z.object({ image: Image, manifest: Manifest, directory: z.string().max(4096) }),
  },
  /** Reads every file of the newest version (or of all) and compares hashes. */
  'image.verify': {
    params: z.object({ image: Reference, allVersions: z.boolean() }),
    result: z.array(Verification).max(MAX_VERSIONS),
  },
  'image.rename': { params: z.object({ image: Reference, name: Name }), result: Image },
  /** A protected image is neither deleted nor captured anew. */
  'image.protect': {
    params: z.object({ image: Reference, isProtected: z.boolean() }),
    result: Image,
  },
  'image.delete': { params: z.object({ image: Reference }), result: Nothing },
  'task.list': {
    params: z.object({ limit: z.number().int().min(1).max(10_000) }),
    result: z.array(Task).max(MAX_TASKS),
  },
  'task.show': {
    params: z.object({ task: TaskId }),
    result: z.object({
      task: Task,
      hostNames: HostNames,
      progress: z.array(RunProgress).max(MAX_HOSTS),
    }),
  },
  /** From now on `log` notifications come with what is added. Answers with what is kept, oldest first. */
  'log.watch': { params: Nothing, result: z.array(LogEntry).max(MAX_LOG_ENTRIES) },
  /** What the engines said of the task's runs, or of the one of `host`: the end of each log when it is long. */
  'run.log': {
    params: z.object({ task: TaskId, host: HostReference.nullable() }),
    result: z
      .array(
        z.object({
          runId: RunId,
          hostId: HostId,
          hostName: z.string().max(253),
          lines: z.array(z.string().max(4096)).max(2_000_000),
          /** Whether the beginning is left out. */
          isCut: z.boolean(),
        }),
      )
      .max(MAX_HOSTS),
  },
  /** Cancels the runs that have not ended, or the one of `host`. */
  'task.cancel': {
    params: z.object({ task: TaskId, host: HostReference.nullable() }),
    result: z.object({ cancelled: z.array(RunId).max(MAX_HOSTS) }),
  },
  /** What failed has been seen: no operator is shown it in red any more. */
  'task.putAway': {
    params: z.object({ task: TaskId }),
    result: Task,
  },
  /** Of all tasks: `waitMs` is how long they wait for their hosts; absent: as the settings say. */
  'task.capture': {
    params: z.object({
      host: HostReference,
      disk: DiskSelector,
      imageName: Name,
      compression: Compression,
      afterwards: ShutdownMode.nullable(),
      /** Whether hosts that are off are woken. */
      wake: z.boolean().optional(),
      waitMs: WaitMs.optional(),
    }),
    result: Task,
  },
  'task.deploy': {
    params: z.object({
      image: Reference,
      targets: Targets,
      disk: DiskSelector,
      transport: TransportChoice,
      gatherMs: z.number().int().nonnegative().max(86_400_000),
      afterwards: ShutdownMode.nullable(),
      /** Whether hosts that are off are woken. */
      wake: z.boolean().optional(),
      waitMs: WaitMs.optional(),
    }),
    result: Task,
  },
  /** Writes the image's partition table to the hosts' disks; everything on them is lost. */
  'task.partition': {
    params: z.object({
      image: Reference,
      targets: Targets,
      disk: DiskSelector,
      afterwards: ShutdownMode.nullable(),
      /** Whether hosts that are off are woken. */
      wake: z.boolean().optional(),
      waitMs: WaitMs.optional(),
    }),
    result: Task,
  },
  /** Any kinds of work in this order, on one disk of each host; which orders make sense the capabilities say. */
  'task.create': {
    params: z.object({
      targets: Targets,
      disk: DiskSelector,
      operations: z.array(WantedOperation).min(1).max(10),
      /** Whether hosts that are off are woken. */
      wake: z.boolean().optional(),
      waitMs: WaitMs.optional(),
    }),
    result: Task,
  },
  'task.shutdown': {
    params: z.object({ targets: Targets, mode: ShutdownMode, waitMs: WaitMs.optional() }),
    result: Task,
  },
  'operator.list': { params: Nothing, result: z.array(OperatorView).max(MAX_OPERATORS) },
  'operator.add': { params: OperatorWithSecret, result: OperatorView },
  /** Who is logged in and changes the own one says the old one too. */
  'operator.password': { params: OperatorWithNewSecret, result: OperatorView },
  /** Gives an account another name; who is logged in says the password for the own one. */
  'operator.rename': {
    params: z.object({
      name: OperatorName,
      newName: OperatorName,
      password: z.string().max(1024).optional(),
    }),
    result: OperatorView,
  },
  'operator.delete': { params: z.object({ name: OperatorName }), result: Nothing },
  'settings.get': { params: Nothing, result: Settings },
  'settings.set': { params: SettingsChange, result: Settings },
  /** Looks for a new build and writes all files with boot choices again where they differ. */
  'boot.refresh': {
    params: Nothing,
    result: z.object({ build: BootBuild, problems: z.array(Problem).max(1000) }),
  },
  /** Does not wait for hosts that have not joined; they form a session of their own afterwards. */
  'session.start': { params: z.object({ session: SessionId }), result: Nothing },
} as const;
export type OperatorMethods = typeof OPERATOR_METHODS;

/** Server to those that watch. */
export const OPERATOR_NOTIFICATIONS = {
  status: StatusUpdate,
  room: RoomChange,
  /** New entries, oldest first; one with the number of a known entry takes its place. */
  log: z.object({ entries: z.array(LogEntry).max(MAX_LOG_ENTRIES) }),
  /** The login of this connection is over, and the connection ends. */
  loggedOut: z.object({ reason: z.string().max(400) }),
} as const;
export type OperatorNotifications = typeof OPERATOR_NOTIFICATIONS;
