/** Message: a text for people as data: which message it is and what it is about. lib/messages has the texts, in every language. */

import { z } from 'zod';
import { DiskIdentity } from './disk-identity.ts';
import { MachineText } from './machine-text.ts';

export const MAX_MESSAGES = 20;
/** Longer than any of ours by far; a sender's nested lists cannot add up to more. */
const MAX_MESSAGE_LENGTH = 8192;
const MAX_PARAMS = 8;
const MAX_TEXTS = 10;

const MessageId = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/);
const ParamName = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/);

const SimpleValue = z.union([
  MachineText,
  z.number().min(-1e15).max(1e15),
  z.null(),
  z.array(MachineText).max(MAX_TEXTS),
  DiskIdentity,
]);

function paramsOf<V extends z.ZodType>(value: V): z.ZodRecord<typeof ParamName, V> {
  return z
    .record(ParamName, value)
    .refine((params) => Object.keys(params).length <= MAX_PARAMS, 'too many parameters')
    .meta({ maxEntries: MAX_PARAMS });
}

/** A message that can be part of another one. */
export const SimpleMessage = z.object({ id: MessageId, params: paramsOf(SimpleValue) });
export type SimpleMessage = z.infer<typeof SimpleMessage>;

/** Whatever its id: one of a newer program is kept, and shown as well as it can be. */
export const Message = z
  .object({
    id: MessageId,
    params: paramsOf(z.union([SimpleValue, SimpleMessage, z.array(SimpleMessage).max(MAX_TEXTS)])),
  })
  .refine((message) => lengthOf(message) <= MAX_MESSAGE_LENGTH, 'the message is too long');
export type Message = z.infer<typeof Message>;

/** About as many characters as it has in JSON. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + lengthOf(each), 2);
}

/** What the parameter of a message can be. */
type Kinds = {
  text: string;
  /** null: unknown. */
  'text?': string | null;
  /** Written without a unit. */
  number: number;
  bytes: number;
  /** Milliseconds. */
  duration: number;
  texts: string[];
  /** By libblkid's name: "LVM2_member", "ext4". */
  container: string;
  disk: DiskIdentity;
  message: SimpleMessage;
  messages: SimpleMessage[];
};
export type Kind = keyof Kinds;

/** Messages by id, each with the kinds of its parameters. */
export type Declarations = { readonly [id: string]: { readonly [param: string]: Kind } };

/** The parameters that a declaration asks for. */
export type ParamsOf<P extends { readonly [param: string]: Kind }> = {
  [K in keyof P]: Kinds[P[K]];
};
