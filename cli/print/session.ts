/** A multicast session in a line. */

import { formatPercent, printable } from '../../lib/format.ts';
import type { Session } from '../../lib/model/task.ts';
import type { TaskView } from '../../lib/client/task-view.ts';
import { silentHostsText } from '../../lib/client/work-in-words.ts';
import { bytesText, decimalText, rateText } from '../../lib/text/quantities.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Texts } from '../text/catalogue.ts';
import { errorLineIn } from '../../lib/messages/errors.ts';

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
      const waits = silentHostsText(texts.language, session, view);
      if (waits !== null) return [waits, sent].join(', ');
      const rate = bytesPerSecond === undefined ? [] : [rateText(bytesPerSecond, texts)];
      return [of, sent, ...rate, resent].join(', ');
    }
    case 'finished':
      return [of, sent, resent].join(', ');
    case 'failed':
      return [of, sent, session.error === null ? '' : errorLineIn(texts.language, session.error)]
        .filter((part) => part !== '')
        .join(', ');
    default:
      return unreachable(session.state);
  }
}
