/** Schemas of what people type, with texts that tell them what is expected. */

import { z } from 'zod';
import { parseDiskSelector } from '../lib/disk/disk-selection.ts';
import { SessionId, TaskId } from '../lib/model/ids.ts';
import { Reference } from '../lib/model/names.ts';
import { ShutdownMode } from '../lib/model/operations/shutdown.ts';
import { parseWaitEnd } from '../lib/client/wait-end.ts';

/** A host by name, MAC address, IP address or id. */
export const HostInput = z.string().min(1, 'a host is named by name, MAC or address').max(253);
/** A group or image by name or id. */
export const NameInput = Reference;
/** Hosts and groups. */
export const TargetsInput = z.array(HostInput).min(1, 'name at least one host or group');

export const DiskInput = z.string().transform(parseDiskSelector);

export const TaskIdInput = z
  .string()
  .refine((text) => TaskId.safeParse(text).success, {
    message: 'not the id of a task: `openclone task list` shows them',
    abort: true,
  })
  .pipe(TaskId);

export const SessionIdInput = z
  .string()
  .refine((text) => SessionId.safeParse(text).success, {
    message: 'not the id of a session: `openclone status` shows them',
    abort: true,
  })
  .pipe(SessionId);

export const ShutdownModeInput = z.enum(
  ShutdownMode.options,
  `one of ${ShutdownMode.options.join(', ')} is expected`,
);

/** What to do afterwards, in the words of people: shutdown, reboot, exit. */
export const ThenInput = z
  .enum(['shutdown', 'reboot', 'exit'], 'one of shutdown, reboot, exit is expected')
  .transform((word): ShutdownMode => (word === 'shutdown' ? 'power-off' : word));

/** Until when something waits; as milliseconds from now on. */
export const UntilInput = z.string().transform((text, context) => {
  const waitMs = parseWaitEnd(text, Date.now());
  if (waitMs !== null) return waitMs;
  context.addIssue(
    'a length of time (90m, 24h, 3d) or a moment to come (18:00, 2026-12-01, "2026-12-01 18:00") is expected, from a minute to a year',
  );
  return z.NEVER;
});

/** A whole number in decimal digits. */
export function wholeNumberInput(least: number, most: number): z.ZodType<number, string> {
  const expected = `a whole number from ${least} to ${most} is expected`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { message: expected, abort: true })
    .transform(Number)
    .refine((value) => value >= least && value <= most, expected);
}

export const FlagInput = z.boolean().default(false);
