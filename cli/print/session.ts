/** A multicast session in a line. */

import { describeError } from '../../lib/errors.ts';
import { formatBytes, formatPercent, printable } from '../../lib/format.ts';
import type { Session } from '../../lib/model/task.ts';
import { unreachable } from '../../lib/unreachable.ts';

export function sessionLine(session: Session): string {
  return printable(`${session.id} ${session.state}: ${sessionText(session)}`);
}

function sessionText(session: Session): string {
  const { members, expected, sentBytes, totalBytes, resentShare } = session;
  const ready = members.filter((member) => member.ready).length;
  const of = `${ready} of ${Math.max(expected, members.length)} ready`;
  const sent = `${formatBytes(sentBytes)} of ${formatBytes(totalBytes)} sent (${formatPercent(sentBytes, totalBytes)})`;
  const resent = `${(resentShare * 100).toFixed(1)} % sent again`;
  switch (session.state) {
    case 'gathering':
      return of;
    case 'sending':
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
