/** How much of what a worker says of its run is kept: an approved host may be hostile, and the store has an end. */

import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Message } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { PlannedStep } from '../../lib/model/step.ts';
import type { Run } from '../../lib/model/task.ts';
import type { RunEvent } from '../../lib/protocol/engine-api.ts';
import type { Bytes } from '../../lib/units.ts';

/** Of the titles of all steps of a run, in JSON; a disk of a thousand partitions has half of it. */
export const MAX_RUN_TITLE_BYTES: Bytes = 1024 * 1024;
/** Of the notes and errors of a run, in JSON: real runs have a hundredth. */
export const MAX_RUN_NOTE_BYTES: Bytes = 256 * 1024;
/** What is left of each text of an error that there is no room for. */
const MAX_SHORT_TEXT = 120;

export function titleBytesOf(steps: readonly Pick<PlannedStep, 'title'>[]): Bytes {
  return steps.reduce((sum, { title }) => sum + bytesOf(title), 0);
}

/**
 * The events with the notes and errors that there is room for in `run`, the first ones first. The notes of a step say how
 * many of them were left out; of an error that is too long the beginning of what was done and of the hint is kept.
 */
export function withRoomFor(run: Run, events: readonly RunEvent[]): RunEvent[] {
  let left = MAX_RUN_NOTE_BYTES - noteBytesOf(run);
  const take = (value: Message | ErrorReport): boolean => {
    const bytes = bytesOf(value);
    if (bytes > left) return false;
    left -= bytes;
    return true;
  };
  return events.map((event) => {
    if (event.type !== 'step-ended' && event.type !== 'operation-ended') return event;
    const error = event.error === null || take(event.error) ? event.error : shortened(event.error);
    if (event.type === 'operation-ended') return { ...event, error };
    const { notes: said } = event;
    const notes: Message[] = said.filter(take);
    const count = said.length - notes.length;
    if (count > 0) notes.push(message('note.notes-left-out', { count }));
    return { ...event, error, notes };
  });
}

function noteBytesOf({ steps, error }: Run): Bytes {
  const ofSteps = steps.map((step) =>
    step.notes.length === 0 && step.error === null ? 0 : bytesOf([step.notes, step.error]),
  );
  return ofSteps.reduce((sum, bytes) => sum + bytes, error === null ? 0 : bytesOf(error));
}

function shortened({ code, message: doing, hint }: ErrorReport): ErrorReport {
  const short = (text: string): string => {
    const characters = Array.from(text);
    if (characters.length <= MAX_SHORT_TEXT) return text;
    return `${characters.slice(0, MAX_SHORT_TEXT - 1).join('')}…`;
  };
  return { code, message: short(doing), hint: short(hint), causes: [] };
}

function bytesOf(value: unknown): Bytes {
  return Buffer.byteLength(JSON.stringify(value));
}
