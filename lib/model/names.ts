/** What people call things: names of hosts, groups and images, and their addresses. What is wrong with one is a message. */

import { z } from 'zod';
import type { NAME_MESSAGES } from './messages/names.ts';
import { message, type MessageOf } from './messages/table.ts';

const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const MAX_NAME_LENGTH = 64;

/** A group's or an image's name: 1 to 64 visible characters, umlauts and spaces inside allowed. */
export const Name = z
  .string()
  .refine((name) => name !== '', complaint(message('name.empty')))
  .refine(isShort, complaint(message('name.too-long', { most: MAX_NAME_LENGTH })))
  .refine((name) => !INVISIBLE.test(name), complaint(message('name.invisible')))
  .refine((name) => name === name.trim(), complaint(message('name.space-at-end')))
  .refine((name) => !/[/\\]/.test(name), complaint(message('name.slash')))
  .refine((name) => !name.startsWith('-'), complaint(message('name.dash-first')))
  .max(MAX_NAME_LENGTH);

/** What names an image or a group: its name or its id. */
export const Reference = z
  .string()
  .refine((name) => name !== '', complaint(message('name.empty')))
  .max(MAX_NAME_LENGTH);

/** A host name by RFC 1123: letters, digits and dashes, labels of 1 to 63, 253 in all. */
export const Hostname = z
  .string()
  .refine(
    (name) => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/.test(name),
    complaint(message('name.not-of-host')),
  )
  .max(253);

const MAX_TYPED_ADDRESS = 64;

/** Lower-case hexadecimal with colons, "52:54:00:77:00:01"; dashes and capitals are accepted and changed. */
export const MacAddress = z
  .string()
  .refine((text) => text.length <= MAX_TYPED_ADDRESS, complaint(message('mac.not-one')))
  .max(MAX_TYPED_ADDRESS)
  .transform((text) => text.trim().toLowerCase().replaceAll('-', ':'))
  .pipe(
    z
      .string()
      .refine(
        (text) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text),
        complaint(message('mac.not-one')),
      ),
  )
  .brand<'MacAddress'>();
export type MacAddress = z.infer<typeof MacAddress>;

/** An ISO 8601 time in UTC, "2026-11-21T07:00:00.000Z". */
export const Timestamp = z.iso.datetime().max(40);
export type Timestamp = z.infer<typeof Timestamp>;

/** A SHA-256 in lower-case hexadecimal. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

function isShort(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH;
}

/** What a check says when it fails; the checks after it are not asked. lib/messages/complaint.ts reads it. */
function complaint(what: MessageOf<keyof typeof NAME_MESSAGES>): {
  abort: true;
  error: string;
  params: { message: typeof what };
} {
  return { abort: true, error: what.id, params: { message: what } };
}
