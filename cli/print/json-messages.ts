/** Messages in JSON output: their English text, for scripts, with the data beside it. */

import { render, renderAll } from '../../lib/messages/render.ts';
import { Message } from '../../lib/model/message.ts';

/**
 * `value` with each message under a name `x` as the text `x` and the data `xMessage`, each list of messages as the texts
 * `x` and the data `xMessages`. The notes of a step are one text, `note`; null when there are none.
 */
export function withTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]: [string, unknown]): [string, unknown][] => {
      const messages = messagesIn(each);
      if (key === 'notes' && messages !== null) {
        const note = messages.length === 0 ? null : renderAll('en', messages);
        return [
          ['note', note],
          ['noteMessages', messages],
        ];
      }
      if (messages !== null && messages.length > 0) {
        return [
          [key, messages.map((message) => render('en', message))],
          [`${key}Messages`, messages],
        ];
      }
      return isMessage(each)
        ? [
            [key, render('en', each)],
            [`${key}Message`, each],
          ]
        : [[key, withTexts(each)]];
    }),
  );
}

function messagesIn(value: unknown): Message[] | null {
  if (!Array.isArray(value)) return null;
  const messages = value.filter(isMessage);
  return messages.length === value.length ? messages : null;
}

/** Nothing else that is printed has an id and parameters, and nothing more. */
function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  if (!('id' in value && 'params' in value) || Object.keys(value).length !== 2) return false;
  return Message.safeParse(value).success;
}
