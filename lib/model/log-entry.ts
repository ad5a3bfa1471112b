/** What happened on the server that operators want to know of afterwards. */

import { z } from 'zod';
import { MessageOrText } from './messages/message-or-text.ts';
import { MachineText } from './machine-text.ts';
import { Count } from './count.ts';
import { Timestamp } from './names.ts';
import { Settings } from './settings.ts';

/** The first few names, and how many there are: a room that is switched on is one line. */
const NameSample = z.object({ names: z.array(MachineText).max(5), count: Count });
export type NameSample = z.infer<typeof NameSample>;

const SETTINGS = Settings.keyof().options;

/** Who did it; null: nobody, the server or an engine did. Entries of version 0.2 do not say. */
const By = MachineText.nullable().default(null);

/** What hosts have that operators set. `disk`: that it counts as complete although it was half written. */
export const HostField = z.enum([
  'name',
  'mac',
  'group',
  'serialNumber',
  'ipAddress',
  'debugShell',
  'localBoot',
  'disk',
]);
export type HostField = z.infer<typeof HostField>;

/** What has become of a field; absent: not the same for all, empty: nothing. */
const Become = MachineText.optional();

/** Where somebody who logs in is: null at the server itself, else the address. */
const From = z.string().max(64).nullable();

export const LogEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('job-changed'),
    change: z.enum(['created', 'changed', 'renamed', 'deleted']),
    job: MachineText,
    /** Its name before, when it was renamed. */
    from: MachineText.nullable(),
    by: By,
  }),
  /** A schedule could not start it. */
  z.object({
    type: z.literal('job-not-started'),
    job: MachineText,
    schedule: MachineText,
    error: MachineText,
  }),
  /** Its times passed while the server was down. */
  z.object({
    type: z.literal('job-missed'),
    job: MachineText,
    schedule: MachineText,
    times: Count,
  }),
  z.object({ type: z.literal('server-started'), version: z.string().max(40) }),
  z.object({ type: z.literal('hosts-registered'), hosts: NameSample, isPending: z.boolean() }),
  /** Entered by an operator. */
  z.object({ type: z.literal('hosts-added'), hosts: NameSample, by: By }),
  z.object({ type: z.literal('hosts-approved'), hosts: NameSample, by: By }),
  /** That waited for approval. */
  z.object({ type: z.literal('hosts-rejected'), hosts: NameSample, by: By }),
  z.object({ type: z.literal('hosts-deleted'), hosts: NameSample, by: By }),
  z.object({ type: z.literal('host-renamed'), from: MachineText, host: MachineText, by: By }),
  z.object({
    type: z.literal('hosts-changed'),
    hosts: NameSample,
    changes: z.array(z.object({ field: HostField, to: Become })).max(HostField.options.length),
    by: By,
  }),
  z.object({
    type: z.literal('group-changed'),
    change: z.enum(['created', 'renamed', 'deleted']),
    group: MachineText,
    /** Its name before, when it was renamed. */
    from: MachineText.nullable(),
    by: By,
  }),
  /** A machine said that it is this host, with another serial number than `expected`, or with none. */
  z.object({
    type: z.literal('other-machine-refused'),
    host: MachineText,
    address: From.unwrap(),
    serialNumber: MachineText.nullable(),
    expected: MachineText,
  }),
  /**
   * A machine said that it is this host, but sent from a network adapter that is none of the host's. Not refused: a host
   * that was never seen with its own, as behind proxy ARP, or one that is pending.
   */
  z.object({
    type: z.literal('foreign-adapter'),
    host: MachineText,
    address: From.unwrap(),
    hardwareAddress: MachineText,
    isRefused: z.boolean(),
  }),
  /** A machine said that it is this host, but came through a router: the host is in one of the server's own subnets. */
  z.object({ type: z.literal('routed-machine'), host: MachineText, address: From.unwrap() }),
  /** A machine said that it is this host, whose engine at the other address is there and answers. */
  z.object({
    type: z.literal('two-machines'),
    host: MachineText,
    address: From.unwrap(),
    refused: From.unwrap(),
  }),
  /** From now on the host is the machine with this serial number; null: whichever comes first. */
  z.object({
    type: z.literal('machine-accepted'),
    host: MachineText,
    serialNumber: MachineText.nullable(),
    by: By,
  }),
  z.object({ type: z.literal('task-created'), task: MessageOrText, by: MachineText }),
  /** Of a task that has come to its end. */
  z.object({
    type: z.literal('task-ended'),
    task: MessageOrText,
    outcome: z.enum(['completed', 'warned', 'failed', 'aborted', 'interrupted']),
    runs: Count,
    good: Count,
  }),
  /** `error` is that of the first one. */
  z.object({
    type: z.literal('runs-failed'),
    task: MessageOrText,
    hosts: NameSample,
    error: MachineText.nullable(),
  }),
  /** Hosts that restarted in the middle of their work, and have it to do again. */
  z.object({ type: z.literal('runs-begun-again'), task: MessageOrText, hosts: NameSample }),
  /** Hosts that a transmission did not reach, or whose sender dropped them: they try again. */
  z.object({ type: z.literal('sessions-missed'), task: MessageOrText, hosts: NameSample }),
  /**
   * Somebody who is no member took part in a transmission of the task, which was ended for that; null: it is not known
   * from where. `next`: how the hosts get the image now.
   */
  z.object({
    type: z.literal('stranger-in-session'),
    task: MessageOrText,
    address: From,
    next: z.enum(['transmission', 'unicast']),
  }),
  z.object({ type: z.literal('image-captured'), image: MachineText }),
  z.object({ type: z.literal('image-deleted'), image: MachineText, by: By }),
  z.object({ type: z.literal('image-renamed'), from: MachineText, image: MachineText, by: By }),
  z.object({
    type: z.literal('image-protected'),
    image: MachineText,
    isProtected: z.boolean(),
    by: By,
  }),
  z.object({ type: z.literal('logged-in'), operator: MachineText, from: From }),
  /** `name` null: what was typed is no name, and may be a password. */
  z.object({ type: z.literal('login-refused'), name: MachineText.nullable(), from: From }),
  z.object({
    type: z.literal('operator-changed'),
    change: z.enum(['added', 'password', 'renamed', 'deleted']),
    operator: MachineText,
    by: By,
  }),
  /** `by` null: automatic registration was on for a time, which is over. */
  z.object({
    type: z.literal('settings-changed'),
    changes: z
      .array(z.object({ setting: z.enum(SETTINGS), to: Become }))
      .max(SETTINGS.length)
      .default([]),
    by: By,
  }),
]);
export type LogEvent = z.infer<typeof LogEvent>;

export const LogEntry = z.object({
  /** Grows by one with each entry, also over restarts. */
  number: z.number().int().positive(),
  /** Of the last time. */
  at: Timestamp,
  /** How often in a row. */
  times: z.number().int().positive(),
  event: LogEvent,
});
export type LogEntry = z.infer<typeof LogEntry>;

/** The newest MAX_LOG_ENTRIES are kept. */
export const MAX_LOG_ENTRIES = 500;

/** Whether somebody should look: `bad` has failed, `warn` may become so. */
export function severityOf(event: LogEvent): 'plain' | 'good' | 'warn' | 'bad' {
  switch (event.type) {
    case 'runs-failed':
    case 'job-not-started':
    case 'other-machine-refused':
    case 'two-machines':
    case 'foreign-adapter':
    case 'routed-machine':
    case 'stranger-in-session':
      return 'bad';
    case 'task-ended':
      if (event.outcome === 'completed') return 'good';
      return event.outcome === 'failed' || event.outcome === 'interrupted' ? 'bad' : 'warn';
    case 'runs-begun-again':
    case 'sessions-missed':
    case 'login-refused':
    case 'job-missed':
      return 'warn';
    case 'hosts-registered':
      return event.isPending ? 'warn' : 'plain';
    case 'server-started':
    case 'hosts-added':
    case 'hosts-approved':
    case 'hosts-rejected':
    case 'hosts-deleted':
    case 'host-renamed':
    case 'hosts-changed':
    case 'group-changed':
    case 'job-changed':
    case 'machine-accepted':
    case 'task-created':
    case 'image-captured':
    case 'image-deleted':
    case 'image-renamed':
    case 'image-protected':
    case 'logged-in':
    case 'operator-changed':
    case 'settings-changed':
      return 'plain';
  }
}

/** `entries` and the newer ones of `news`, by number; an entry that comes again takes the place of the earlier one. */
export function logAfter(entries: readonly LogEntry[], news: readonly LogEntry[]): LogEntry[] {
  const first = news[0]?.number ?? Number.POSITIVE_INFINITY;
  const kept = entries.filter(({ number }) => number < first);
  return [...kept, ...news].slice(-MAX_LOG_ENTRIES);
}
