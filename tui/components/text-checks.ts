/** The checks of texts that are typed: what is wrong with them. */

import type { z } from 'zod';

/** The first complaint of `schema`, or null. */
export function checkWith(schema: z.ZodType, text: string): string | null {
  const parsed = schema.safeParse(text);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? '-');
}

/** NaN for what is no number yet: then the rule gives nothing. */
export function wholeOf(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}
