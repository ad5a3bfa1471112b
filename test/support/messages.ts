/** Returns what messages say in English, for tests of what people are told; nothing said is an empty text. */

import { render } from '../../lib/messages/render.ts';
import type { Message } from '../../lib/model/message.ts';

export function english(said: Message | readonly Message[] | null | undefined): string {
  if (said === null || said === undefined) return '';
  const messages = 'id' in said ? [said] : said;
  return messages.map((message) => render('en', message)).join('; ');
}
