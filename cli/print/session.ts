/** A multicast session in a line. */

import { describeError } from '../../lib/errors.ts';
import {
  formatBytes,
  formatDuration,
  formatPercent,
  formatRate,
  printable,
} from '../../lib/format.ts';
import type { Session } from '../../lib/model/task.ts';
import { hostNameOf, silentHosts, type TaskView } from '../../lib/task-view.ts';
import { unreachable } from '../../lib/unreachable.ts';

export function sessionLine(
  session: Session,
  view: Pick<TaskView, 'hostNames'> = { hostNames: {} },
): string {
  return printable(`${session.id} ${session.state}: ${sessionText(session, view)}`);
}

function sessionText(session: Session, view: Pick<TaskView, 'hostNames'>): string {
  const { members, expected, sentBytes, totalBytes, resentShare, bytesPerSecond } = session;
  const ready = members.filter((member) => member.ready).length;
  const of = `${ready} of ${Math.max(expected, members.length)} ready`;
  const sent = `${formatBytes(sentBytes)} of ${formatBytes(totalBytes)} sent (${formatPercent(sentBytes, totalBytes)})`;
  const resent = `${(resentShare * 100).toFixed(1)} % sent again`;
  switch (session.state) {
    case 'gathering':
      return of;
    case 'sending': {
      // First: a narrow terminal cuts the end.
      const waits = silentText(session, view);
      if (waits !== null) return [waits, sent].join(', ');
      const rate = bytesPerSecond === undefined ? [] : [formatRate(bytesPerSecond)];
      return [of, sent, ...rate, resent].join(', ');
    }
    case 'finished':
      return [of, sent, resent].join(', ');
    case 'failed':
      return [of, sent, session.error === null ? '' : describeError(session.error)]
        .filter((part) => part !== '')
        .join(', ');
    default:
      return unreachable(session.state);
  }
}

/** Whom the transmission waits for; null when everybody answers. */
function silentText(session: Session, view: Pick<TaskView, 'hostNames'>): string | null {
  const [first, ...others] = silentHosts(session);
  if (first === undefined || session.silent === undefined) return null;
  const name = hostNameOf(view, first);
  const left = formatDuration(session.silent.dropsInMs);
  return others.length === 0
    ? `waiting for ${name}, which does not answer: dropped in ${left}`
    : `waiting for ${name} and ${others.length} more, which do not answer: dropped in ${left}`;
}
