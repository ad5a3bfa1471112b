/** Single facts of a machine: what cannot be found out is missing, and nothing else fails for it. */

import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';

/** The content of a file of the kernel's without space around it; null when it is empty, absent or unreadable. */
export async function readFact(path: string): Promise<string | null> {
  const text = (await readFactBytes(path))?.toString('utf8').trim() ?? '';
  return text === '' ? null : text;
}

/** The content of a file of the kernel's; null when it is absent or unreadable. */
export async function readFactBytes(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    // Attributes in /sys answer EINVAL, ENODEV or EIO for what the hardware does not have.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** What `find` answers, or `missing` when a tool it needs is absent or fails. Bugs pass. */
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
