/** A run's events as lines of its log: what began, how it ended, and what the tools said when it failed. */

import { formatBytes } from '../lib/format.ts';
import { render, renderAll } from '../lib/messages/render.ts';
import type { ErrorReport } from '../lib/model/error-report.ts';
import type { RunEvent } from '../lib/protocol/engine-api.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { RunLog } from './run-log.ts';

export function logEvent(log: RunLog, event: RunEvent): void {
  switch (event.type) {
    case 'plan':
      log.add('info', `plan of ${event.steps.length} steps${onDisk(event.disk)}`);
      for (const { id, title, writes } of event.steps) {
        log.add('info', `  ${id}${writes ? ' (writes)' : ''}: ${render('en', title)}`);
      }
      return;
    case 'step-started':
      log.add('info', `${event.stepId}: begins`);
      return;
    case 'step-ended': {
      const note = event.notes.length === 0 ? '' : `: ${renderAll('en', event.notes)}`;
      const bytes = event.doneBytes === 0 ? '' : `, ${formatBytes(event.doneBytes)}`;
      const level = event.state === 'warned' ? 'warn' : 'info';
      log.add(
        event.error === null ? level : 'error',
        `${event.stepId}: ${event.state}${bytes}${note}`,
      );
      if (event.error !== null) logError(log, event.error);
      return;
    }
    case 'session-ready':
      log.add('info', `ready for session ${event.sessionId}`);
      return;
    case 'captured':
      log.add('info', 'everything is captured; the server verifies and stores the image');
      return;
    case 'operation-ended':
      log.add(
        event.error === null ? 'info' : 'error',
        `operation ${event.operationIndex + 1} ${event.outcome}, disk ${event.diskOutcome}`,
      );
      if (event.error !== null) logError(log, event.error);
      return;
    default:
      unreachable(event);
  }
}

/** Message, causes (what the tools wrote to their standard error) and hint. */
export function logError(log: RunLog, { code, message, causes, hint }: ErrorReport): void {
  log.add('error', `  ${code}: ${message}`);
  for (const cause of causes) log.add('error', `  because: ${cause}`);
  log.add('error', `  hint: ${hint}`);
}

function onDisk(disk: string): string {
  return disk === '' ? '' : ` on ${disk}`;
}
