/** The exit statuses, from the table that says how each error is treated. */

import { DOCTOR_STATUS } from '../doctor/exit-status.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import type { Texts } from '../text/catalogue.ts';

/** What Ctrl-C ends a command that follows with: 128 + SIGINT, as a shell counts. */
export const INTERRUPTED_STATUS = 130;

export function exitStatusLines({ errors }: Texts): string[] {
  const codes = new Map<number, string[]>();
  for (const [code, { exitStatus }] of Object.entries(ERROR_TREATMENT)) {
    codes.set(exitStatus, [...(codes.get(exitStatus) ?? []), code]);
  }
  const rows = [...codes].toSorted(([one], [other]) => one - other);
  const line = (status: number, text: string): string => `${String(status).padStart(5)}  ${text}`;
  return [
    errors.exitStatuses,
    '',
    line(0, errors.done),
    ...rows.flatMap(([status, names]) =>
      wrapped(names).map((text, index) => (index === 0 ? line(status, text) : `       ${text}`)),
    ),
    line(DOCTOR_STATUS.warning, errors.doctorWarning),
    line(DOCTOR_STATUS.failure, errors.doctorFailure),
    line(INTERRUPTED_STATUS, errors.interrupted),
    '',
    ...errors.ofTasks(ERROR_TREATMENT['task-failed'].exitStatus).split('\n'),
  ];
}

function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length > 68) lines.push(name);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  return lines.map((text, index) => (index < lines.length - 1 ? `${text},` : text));
}
