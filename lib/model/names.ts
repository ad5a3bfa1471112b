/** What people call things: names of hosts, groups and images, and texts that come from machines. */

import { z } from 'zod';

const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** A group's or an image's name: 1 to 64 visible characters, umlauts and spaces inside allowed. */
export const Name = z
  .string()
  .min(1, 'a name cannot be empty')
  .max(64, 'a name has at most 64 characters')
  .refine((name) => !INVISIBLE.test(name), 'a name cannot contain control characters')
  .refine((name) => name === name.trim(), 'a name cannot begin or end with a space')
  .refine((name) => !/[/\\]/.test(name), 'a name cannot contain a slash')
  .refine((name) => !name.startsWith('-'), 'a name cannot begin with a dash');

/** A host name by RFC 1123: letters, digits and dashes, labels of 1 to 63, 253 in all. */
export const Hostname = z
  .string()
  .max(253)
  .regex(
    /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/,
    'a host name has letters, digits and dashes only',
  );

/** Lower-case hexadecimal with colons, "52:54:00:77:00:01"; dashes and capitals are accepted and changed. */
export const MacAddress = z
  .string()
  .max(64, 'not a MAC address')
  .transform((text) => text.trim().toLowerCase().replaceAll('-', ':'))
  .pipe(z.string().regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, 'not a MAC address'))
  .brand<'MacAddress'>();
export type MacAddress = z.infer<typeof MacAddress>;

/** Text that a machine says of itself (model, serial number): control characters removed, cut to 256. */
export const MachineText = z
  .string()
  .max(64 * 1024)
  .transform((text) => text.replace(/\p{C}/gu, '').trim().slice(0, 256));

/** An ISO 8601 time in UTC, "2026-11-21T07:00:00.000Z". */
export const Timestamp = z.iso.datetime().max(40);
export type Timestamp = z.infer<typeof Timestamp>;

/** A SHA-256 in lower-case hexadecimal. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/** A count that fits an exact JavaScript integer. */
export const Count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** What names an image or a group: its name or its id. */
export const Reference = z.string().min(1).max(64);
