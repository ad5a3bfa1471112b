/** Every call that operators' programs can make of the server: a row each, by noun. */

import { ACCOUNT_METHODS } from './accounts.ts';
import { GROUP_METHODS } from './groups.ts';
import { HOST_METHODS } from './hosts.ts';
import { IMAGE_METHODS } from './images.ts';
import { JOB_METHODS } from './jobs.ts';
import { LOGIN_METHODS } from './login.ts';
import type { OperatorMethod } from './method.ts';
import { BOOT_METHODS, SETTINGS_METHODS } from './settings.ts';
import { STATUS_METHODS } from './status.ts';
import { LOG_METHODS, TASK_METHODS } from './tasks.ts';

export const OPERATOR_METHODS = {
  ...LOGIN_METHODS,
  ...STATUS_METHODS,
  ...HOST_METHODS,
  ...GROUP_METHODS,
  ...IMAGE_METHODS,
  ...TASK_METHODS,
  ...JOB_METHODS,
  ...LOG_METHODS,
  ...ACCOUNT_METHODS,
  ...SETTINGS_METHODS,
  ...BOOT_METHODS,
} as const;
export type OperatorMethods = typeof OPERATOR_METHODS;

const BY_NAME: ReadonlyMap<string, OperatorMethod> = new Map(Object.entries(OPERATOR_METHODS));

/** The row of a call, undefined when there is none of that name. */
export function operatorMethod(name: string): OperatorMethod | undefined {
  return BY_NAME.get(name);
}
