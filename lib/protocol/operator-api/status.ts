/** What operators' programs watch: the status, the inventory and the log; and what is pushed to them then. */

import { z } from 'zod';
import { HostView } from '../../model/host.ts';
import { HostId } from '../../model/ids.ts';
import { MAX_HOSTS } from '../../model/limits.ts';
import { LogEntry, MAX_LOG_ENTRIES } from '../../model/log-entry.ts';
import { Message } from '../../model/message.ts';
import { verbatim } from '../../model/messages/table.ts';
import { Status } from '../../model/status.ts';
import { polls, watches, type OperatorMethod } from './method.ts';
import { Nothing } from './references.ts';

/**
 * What is pushed: without the tasks when they are those of the last push, for they are nine tenths of it. The first push
 * has all: it may arrive before the result of `status.watch`, so programs put together what is pushed, and nothing else.
 */
const StatusUpdate = Status.partial({ tasks: true, hostNames: true });
export type StatusUpdate = z.infer<typeof StatusUpdate>;

/** What has changed of hosts, groups, images and settings. */
const InventoryChange = z.object({
  /** New and changed ones, in no order; of what they are, only disks and systems, without partitions: see host.show. */
  hosts: z.array(HostView).max(MAX_HOSTS),
  gone: z.array(HostId).max(MAX_HOSTS),
  /** Whether group.list, image.list and settings.get would return something else now. */
  areGroupsChanged: z.boolean(),
  areImagesChanged: z.boolean(),
  areSettingsChanged: z.boolean(),
});
export type InventoryChange = z.infer<typeof InventoryChange>;

const Interval = z.object({ intervalMs: z.number().int().min(100).max(60_000) });

export const STATUS_METHODS = {
  'status.get': polls(Nothing, Status),
  /** From now on `status` notifications come, at most every `intervalMs`, when something changed. */
  'status.watch': watches(Interval, Status),
  /** From now on `inventory` notifications come, at most every `intervalMs`. The result has all hosts. */
  'inventory.watch': watches(Interval, InventoryChange),
  /** From now on `log` notifications come with what is added. The result is what is kept, oldest first. */
  'log.watch': watches(Nothing, z.array(LogEntry).max(MAX_LOG_ENTRIES)),
} as const satisfies Record<string, OperatorMethod>;

/** `reason`, in English, is all that older servers say and older programs read. */
const LoggedOut = z
  .object({ reason: z.string().max(400), message: Message.optional() })
  .transform(({ reason, message = verbatim(reason) }) => ({ reason, message }));

/** Server to those that watch. */
export const OPERATOR_NOTIFICATIONS = {
  status: StatusUpdate,
  inventory: InventoryChange,
  /** New entries, oldest first; one with the number of a known entry takes its place. */
  log: z.object({ entries: z.array(LogEntry).max(MAX_LOG_ENTRIES) }),
  /** The login of this connection is over, and the connection ends. */
  loggedOut: LoggedOut,
} as const;
export type OperatorNotifications = typeof OPERATOR_NOTIFICATIONS;
