/** A multicast session in a line. */

import { formatDuration, formatPercent, printable } from '../../lib/format.ts';
import type { Session } from '../../lib/model/task.ts';
import { hostNameOf, silentHosts, type TaskView } from '../../lib/client/task-view.ts';
import { bytesText, decimalText, rateText } from '../../lib/text/quantities.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Texts } from '../text/catalogue.ts';
import { errorText } from './error-text.ts';

export function sessionLine(
  texts: Texts,
  session: Session,
  view: Pick<TaskView, 'hostNames'> = { hostNames: {} },
): string {
  const state = texts.states.sessions[session.state];
  return printable(`${session.id} ${state}: ${sessionText(texts, session, view)}`);
}

function sessionText(texts: Texts, session: Session, view: Pick<TaskView, 'hostNames'>): string {
  const { tasks } = texts;
  const { members, expected, sentBytes, totalBytes, resentShare, bytesPerSecond } = session;
  const ready = members.filter((member) => member.ready).length;
  const of = tasks.ready(ready, Math.max(expected, members.length));
  const sent = tasks.sent(
    bytesText(sentBytes, texts),
    bytesText(totalBytes, texts),
    formatPercent(sentBytes, totalBytes),
  );
  const resent = tasks.resent(`${decimalText(resentShare * 100, 1, texts)} %`);
  switch (session.state) {
    case 'gathering':
      return of;
    case 'sending': {
      // First: a narrow terminal cuts the end.
      const waits = silentText(texts, session, view);
      if (waits !== null) return [waits, sent].join(', ');
      const rate = bytesPerSecond === undefined ? [] : [rateText(bytesPerSecond, texts)];
      return [of, sent, ...rate, resent].join(', ');
    }
    case 'finished':
      return [of, sent, resent].join(', ');
    case 'failed':
      return [of, sent, session.error === null ? '' : errorText(texts, session.error)]
        .filter((part) => part !== '')
        .join(', ');
    default:
      return unreachable(session.state);
  }
}

/** Whom the transmission waits for; null when everybody answers. */
function silentText(
  { tasks }: Texts,
  session: Session,
  view: Pick<TaskView, 'hostNames'>,
): string | null {
  const [first, ...others] = silentHosts(session);
  if (first === undefined || session.silent === undefined) return null;
  const name = hostNameOf(view, first);
  const left = formatDuration(session.silent.dropsInMs);
  return tasks.silent(name, others.length, left);
}
