/** Returns the text of a message in a language. */

import { formatDuration } from '../format.ts';
import type { DiskIdentity } from '../model/disk-identity.ts';
import type { Kind, Message, SimpleMessage } from '../model/message.ts';
import { MESSAGES, type KnownId } from '../model/messages/table.ts';
import { diskText } from '../text/disks.ts';
import type { Language } from '../model/language.ts';
import { containerText } from './containers.ts';
import { bytesText } from '../text/quantities.ts';
import { texts as german } from './de/table.ts';
import { texts as english } from './en/table.ts';
import type { AnyText, PresentedValue } from './texts.ts';

const TEXTS = { en: english, de: german } as const satisfies Record<Language, typeof english>;

/** A message that this program does not know, or that has other parameters, is shown by its id and what it is about. */
export function render(language: Language, message: Message): string {
  const { id, params } = message;
  if (!isKnown(id)) return unknownText(language, message);
  const presented: Record<string, PresentedValue> = {};
  for (const [name, kind] of Object.entries<Kind>(MESSAGES[id])) {
    const value = present(language, kind, params[name]);
    if (value === undefined) return unknownText(language, message);
    presented[name] = value;
  }
  const text: AnyText = TEXTS[language][id];
  return typeof text === 'string' ? text : text(presented);
}

/** Several messages in one text. */
export function renderAll(language: Language, messages: readonly Message[]): string {
  return messages.map((message) => render(language, message)).join('; ');
}

function isKnown(id: string): id is KnownId {
  return Object.hasOwn(MESSAGES, id);
}

type Value = Message['params'][string];

/** Undefined when `value` is not of the kind. */
function present(
  language: Language,
  kind: Kind,
  value: Value | undefined,
): PresentedValue | undefined {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'text?':
      return typeof value === 'string' || value === null ? value : undefined;
    case 'number':
      return typeof value === 'number' ? value : undefined;
    case 'bytes':
      return typeof value === 'number' ? bytesText(value, { language }) : undefined;
    case 'duration':
      return typeof value === 'number' ? formatDuration(value) : undefined;
    case 'texts':
      return isTexts(value) ? value : undefined;
    case 'container':
      return typeof value === 'string' ? containerText(language, value) : undefined;
    case 'disk':
      return isDisk(value) ? diskText(language, value) : undefined;
    case 'message':
      // A text is what an older program said of it.
      if (typeof value === 'string') return value;
      return isMessage(value) ? render(language, value) : undefined;
    case 'messages':
      return isMessages(value) ? value.map((inner) => render(language, inner)) : undefined;
  }
}

function isTexts(value: Value | undefined): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isDisk(value: Value | undefined): value is DiskIdentity {
  return isRecord(value) && 'address' in value;
}

function isMessage(value: Value | undefined): value is SimpleMessage {
  return isRecord(value) && 'id' in value;
}

function isMessages(value: Value | undefined): value is SimpleMessage[] {
  return Array.isArray(value) && value.every((each) => typeof each !== 'string');
}

function isRecord(value: Value | undefined): value is DiskIdentity | SimpleMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** "defragment (partition 7, address /dev/sda)". */
function unknownText(language: Language, { id, params }: Message): string {
  const words = id.replace(/^.*\./, '').replaceAll('-', ' ');
  const about = Object.entries(params).map(
    ([name, value]) => `${name} ${plainText(language, value)}`,
  );
  return about.length === 0 ? words : `${words} (${about.join(', ')})`;
}

function plainText(language: Language, value: Value): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map((each) => plainText(language, each)).join(', ');
  return 'id' in value ? render(language, value) : diskText(language, value);
}
