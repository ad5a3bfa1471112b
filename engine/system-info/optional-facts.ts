/** Facts of a machine that may be missing: what cannot be found out is left out, and nothing else fails for it. */

import type { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';

/** What `find` returns, or `missing` when a tool it needs is absent or fails. Bugs pass. */
export async function factOr<T>(missing: T, find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof OperatorError) return missing;
    throw error;
  }
}

/** The items that `schema` accepts: one odd device does not hide the others. */
export function keepValid<T extends z.ZodType>(
  schema: T,
  items: readonly z.input<T>[],
): z.output<T>[] {
  return items.flatMap((item) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}
