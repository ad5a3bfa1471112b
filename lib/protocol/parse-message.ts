/** Checking a message by its schema, and saying in short where it does not fit. */

import type { z } from 'zod';
import { OperatorError } from '../errors.ts';
import { complaintText, firstComplaint } from '../messages/complaint.ts';

/** Of a message that does not fit its schema at most MAX_ISSUES faults are reported, each cut. */
const MAX_ISSUES = 10;
const MAX_ISSUE_LENGTH = 200;

/** Checks `value` by `schema`; throws OperatorError `bad-message` that says where it does not fit, and with the reason of the first check that has one. */
export function parseMessage<S extends z.ZodType>(
  schema: S,
  value: unknown,
  what: string,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reason = firstComplaint(parsed.error);
  throw new OperatorError({
    code: 'bad-message',
    message: `checking ${what}: ${describeIssues(parsed.error)}`,
    hint: 'Check what was entered; if both sides have the same version, this is a fault in OpenClone.',
    ...(reason === null ? {} : { reason }),
  });
}

/** The first faults that a schema found, each cut. Made of all of them the text could need gigabytes. */
export function describeIssues(error: z.ZodError): string {
  const { issues } = error;
  const said = issues.slice(0, MAX_ISSUES).map((issue) => {
    const where = issue.path.slice(0, 16).map(String).join('.').slice(0, MAX_ISSUE_LENGTH);
    return `✖ ${complaintText(issue).slice(0, MAX_ISSUE_LENGTH)}${where === '' ? '' : ` → at ${where}`}`;
  });
  const more = issues.length - said.length;
  return [...said, ...(more > 0 ? [`and ${more} more`] : [])]
    .join(' ')
    .replace(/[\p{C}\s]+/gu, ' ');
}
