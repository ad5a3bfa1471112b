/** An entry of the server's log in words. */

import type { LogEntry, LogEvent, Some } from '../../lib/model/log-entry.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { textsOf, type Language } from '../text/catalogue.ts';

/** One line, however long. */
export function logText({ event, times }: LogEntry, language: Language): string {
  const { events: texts } = textsOf(language);
  const text = eventText(event, language);
  return times === 1 ? text : `${text} (${texts.times(times)})`;
}

function eventText(event: LogEvent, language: Language): string {
  const { events: texts, common } = textsOf(language);
  const hosts = ({ names, count }: Some): string =>
    texts.hosts(names.join(', '), count - names.length);
  const from = (address: string | null): string =>
    address === null ? texts.atServer : texts.from(address);
  switch (event.type) {
    case 'server-started':
      return texts.serverStarted(event.version);
    case 'hosts-registered':
      return event.isPending
        ? texts.hostsPending(hosts(event.hosts))
        : texts.hostsRegistered(hosts(event.hosts));
    case 'hosts-approved':
      return texts.hostsApproved(hosts(event.hosts));
    case 'hosts-deleted':
      return texts.hostsDeleted(hosts(event.hosts));
    case 'task-created':
      return texts.taskCreated(event.task, event.by);
    case 'task-ended': {
      const { task, outcome, good, runs } = event;
      return texts.taskEnded(task, common.runStates[outcome], good, runs);
    }
    case 'runs-failed':
      return texts.runsFailed(event.task, hosts(event.hosts), event.error ?? '');
    case 'runs-begun-again':
      return texts.runsBegunAgain(event.task, hosts(event.hosts));
    case 'image-captured':
      return texts.imageCaptured(event.image);
    case 'image-deleted':
      return texts.imageDeleted(event.image);
    case 'logged-in':
      return texts.loggedIn(event.operator, from(event.from));
    case 'login-refused':
      return texts.loginRefused(event.name ?? texts.noName, from(event.from));
    case 'operator-changed':
      return texts.operatorChanged[event.change](event.operator, event.by);
    case 'settings-changed':
      return texts.settingsChanged(event.by);
    default:
      return unreachable(event);
  }
}
