/** exitStatusFor: the exit status that all findings together give. */

import type { CheckResult } from './check.ts';

/** Exit statuses of `openclone doctor` beside 0; the errors of lib/model/error-treatment.ts end before them. */
export const DOCTOR_STATUS = { warning: 18, failure: 19 } as const;

/** 0 when nothing is wrong, also when something could not be looked at. */
export function exitStatusFor(results: readonly CheckResult[]): number {
  const types = new Set(results.flatMap(({ findings }) => findings.map(({ type }) => type)));
  if (types.has('failure')) return DOCTOR_STATUS.failure;
  return types.has('warning') ? DOCTOR_STATUS.warning : 0;
}
