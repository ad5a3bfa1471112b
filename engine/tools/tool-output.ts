/** What tools print, brought into shape at the edge. */

import type { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';

/**
 * Reads the JSON that `tool` printed. Throws OperatorError `tool-failed` when it is none, or not of the shape
 * `schema` describes (another version of the tool, most likely).
 */
export function parseToolJson<T extends z.ZodType>(
  tool: string,
  text: string,
  schema: T,
): z.output<T> {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Error(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  } catch (cause) {
    throw new OperatorError({
      code: 'tool-failed',
      message: `reading what ${tool} printed`,
      hint: `Look whether the version of ${tool} on this machine is one that OpenClone knows.`,
      cause,
    });
  }
}

/** The first version number in what a program prints for --version; empty when there is none. */
export function parseVersion(text: string): string {
  return /\d+\.\d+(\.\d+)*/.exec(text)?.[0] ?? '';
}
