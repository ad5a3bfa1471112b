/** The errors that an operator can act on, and what becomes of every other thrown value. */

import { inspect } from 'node:util';
import type { Message } from './model/message.ts';
import type { ErrorReport } from './model/error-report.ts';
import { ERROR_TREATMENT, type ErrorCode } from './model/error-treatment.ts';

/**
 * An error that a person can act on. `message` says what was being done and on what ("reading the partition
 * table of /dev/sda"), without cause, full stop or blame; `hint` says what to do.
 */
export class OperatorError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  /** Why not, where there is more to it than the code; `message` has it in English. */
  readonly reason: Message | undefined;

  constructor(error: {
    code: ErrorCode;
    message: string;
    hint: string;
    cause?: unknown;
    reason?: Message;
  }) {
    super(error.message, error.cause === undefined ? {} : { cause: error.cause });
    this.name = 'OperatorError';
    this.code = error.code;
    this.hint = error.hint;
    this.reason = error.reason;
  }
}

/** The texts of the chain of causes below `error`, outermost first, at most ten. */
export function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  let cause: unknown = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && cause !== null && causes.length < 10) {
    causes.push(textOf(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

/** Any thrown value as a report; what is no OperatorError is a bug and becomes `internal-error`. */
export function toReport(error: unknown): ErrorReport {
  const cut = (text: string): string => text.slice(0, 4000);
  if (error instanceof OperatorError) {
    return {
      code: error.code,
      message: cut(error.message),
      hint: cut(error.hint),
      causes: causesOf(error).map(cut),
      ...(error.reason === undefined ? {} : { reason: error.reason }),
    };
  }
  return {
    code: 'internal-error',
    message: cut(textOf(error)),
    hint: 'This is a fault in OpenClone: please report it with the log.',
    causes: causesOf(error).map(cut),
  };
}

/** The error that `report` describes; the causes become a chain again. */
export function fromReport(report: ErrorReport): OperatorError {
  const cause = report.causes.reduceRight<Error | undefined>(
    (inner, text) => (inner === undefined ? new Error(text) : new Error(text, { cause: inner })),
    undefined,
  );
  const { code, message, hint, reason } = report;
  return new OperatorError({
    code,
    message,
    hint,
    ...(cause === undefined ? {} : { cause }),
    ...(reason === undefined ? {} : { reason }),
  });
}

/** One line for a log or a list: message and causes. */
export function describeError(report: ErrorReport): string {
  return [report.message, ...report.causes].join(': ');
}

/** The exit status a command ends with after this error. */
export function exitStatusOf(report: ErrorReport): number {
  return ERROR_TREATMENT[report.code].exitStatus;
}

/** Whatever was thrown: JSON and String() fail for some values. */
function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}
