/** All messages by id, and how one is made. */

import type { Message, ParamsOf } from '../message.ts';
import { CHECK_MESSAGES, DOCTOR_MESSAGES } from './doctor.ts';
import { END_MESSAGES, LOGIN_END_MESSAGES } from './ends.ts';
import { COPY_MESSAGES, GPT_MESSAGES, NOTE_MESSAGES } from './notes.ts';
import { FINDING_MESSAGES } from './findings.ts';
import { NAME_MESSAGES } from './names.ts';
import { JOB_MESSAGES, REASON_MESSAGES } from './reasons.ts';
import { REMEDY_MESSAGES } from './remedies.ts';
import { STEP_MESSAGES } from './steps.ts';
import { STRUCTURE_MESSAGES } from './structures.ts';
import { TITLE_MESSAGES } from './titles.ts';

export const MESSAGES = {
  /** Words of an older program, which are all that is known. */
  verbatim: { text: 'text' },
  ...TITLE_MESSAGES,
  ...STEP_MESSAGES,
  ...NOTE_MESSAGES,
  ...COPY_MESSAGES,
  ...STRUCTURE_MESSAGES,
  ...GPT_MESSAGES,
  ...REASON_MESSAGES,
  ...NAME_MESSAGES,
  ...END_MESSAGES,
  ...LOGIN_END_MESSAGES,
  ...FINDING_MESSAGES,
  ...CHECK_MESSAGES,
  ...DOCTOR_MESSAGES,
  ...REMEDY_MESSAGES,
  ...JOB_MESSAGES,
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
