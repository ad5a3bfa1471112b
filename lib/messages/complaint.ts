/** What a schema says of a value that does not fit it. */

import type { z } from 'zod';
import { Message } from '../model/message.ts';
import { verbatim } from '../model/messages/table.ts';
import { render } from './render.ts';

/** The message that the check carries (lib/model/names.ts); null: it is one whose words are zod's. */
export function complaintOf(issue: z.core.$ZodIssue): Message | null {
  if (issue.code !== 'custom') return null;
  const said = Message.safeParse(issue.params?.['message']);
  return said.success ? said.data : null;
}

/** Of the first check that carries a message; null when none does. */
export function firstComplaint({ issues }: z.ZodError): Message | null {
  return issues.map(complaintOf).find((complaint) => complaint !== null) ?? null;
}

/** In English, whoever says it. */
export function complaintText(issue: z.core.$ZodIssue): string {
  return render('en', complaintOf(issue) ?? verbatim(issue.message));
}
