/** The exit statuses, from the table that says how each error is treated. */

import { DOCTOR_STATUS } from '../doctor/verdict.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';

/** What Ctrl-C ends a command that follows with: 128 + SIGINT, as a shell counts. */
export const INTERRUPTED_STATUS = 130;

export function exitStatusLines(): string[] {
  const codes = new Map<number, string[]>();
  for (const [code, { exitStatus }] of Object.entries(ERROR_TREATMENT)) {
    codes.set(exitStatus, [...(codes.get(exitStatus) ?? []), code]);
  }
  const rows = [...codes].toSorted(([one], [other]) => one - other);
  const line = (status: number, text: string): string => `${String(status).padStart(5)}  ${text}`;
  return [
    'Exit status of every command, with the error codes of --json:',
    '',
    line(0, 'done; with a task: on all hosts'),
    ...rows.flatMap(([status, names]) =>
      wrapped(names).map((text, index) => (index === 0 ? line(status, text) : `       ${text}`)),
    ),
    line(DOCTOR_STATUS.warning, '`openclone doctor` found nothing worse than warnings'),
    line(DOCTOR_STATUS.failure, '`openclone doctor` found that something is wrong'),
    line(INTERRUPTED_STATUS, 'Ctrl-C while following a task, which goes on'),
    '',
    'A task that failed on one host ends with the status of its error there, on several',
    `hosts with ${ERROR_TREATMENT['task-failed'].exitStatus}. \`openclone server\` ends with the status of the server.`,
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
