/** All messages by id, and how one is made. */

import type { Message, ParamsOf } from '../message.ts';
import { CHECK_MESSAGES, DOCTOR_MESSAGES } from './doctor.ts';
import { COPY_MESSAGES, NOTE_MESSAGES } from './notes.ts';
import { FINDING_MESSAGES } from './findings.ts';
import { REASON_MESSAGES } from './reasons.ts';
import { REMEDY_MESSAGES } from './remedies.ts';
import { STEP_MESSAGES } from './steps.ts';
import { TITLE_MESSAGES } from './titles.ts';

export const MESSAGES = {
  /** Words of an older program, which are all that is known. */
  verbatim: { text: 'text' },
  ...TITLE_MESSAGES,
  ...STEP_MESSAGES,
  ...NOTE_MESSAGES,
  ...COPY_MESSAGES,
  ...REASON_MESSAGES,
  ...FINDING_MESSAGES,
  ...CHECK_MESSAGES,
  ...DOCTOR_MESSAGES,
  ...REMEDY_MESSAGES,
} as const;
export type KnownId = keyof typeof MESSAGES;

/** A message of this id, with the parameters that it has. */
export type MessageOf<Id extends KnownId> = {
  id: Id;
  params: ParamsOf<(typeof MESSAGES)[Id]>;
};

type IdsWithout = {
  [Id in KnownId]: keyof (typeof MESSAGES)[Id] extends never ? Id : never;
}[KnownId];

export function message<Id extends IdsWithout>(id: Id): { id: Id; params: Record<string, never> };
export function message<Id extends KnownId>(
  id: Id,
  params: ParamsOf<(typeof MESSAGES)[Id]>,
): MessageOf<Id>;
export function message(id: string, params: Message['params'] = {}): Message {
  return { id, params };
}

/** A text that is no message yet. */
export function verbatim(text: string): MessageOf<'verbatim'> {
  return message('verbatim', { text });
}
