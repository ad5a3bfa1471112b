/** The checks of texts that are typed: what is wrong with them. */

import type { z } from 'zod';
import { firstComplaint } from '../../lib/messages/complaint.ts';
import type { DisabledReason } from '../disabled-reason.ts';

/** What `schema`, whose checks carry messages, finds wrong first; null when it finds nothing. */
export function checkWith(schema: z.ZodType, text: string): DisabledReason | null {
  const parsed = schema.safeParse(text);
  return parsed.success ? null : (firstComplaint(parsed.error) ?? '-');
}

/** NaN for what is no number yet: then the rule gives nothing. */
export function wholeOf(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}
