/** An entry of the server's log in words. */

import type { LogEntry, LogEvent, Some } from '../../lib/model/log-entry.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Model } from '../model.ts';
import { textsOf } from '../text/catalogue.ts';
import { errorLineIn } from '../text/errors.ts';
import { titleIn } from '../text/task-titles.ts';

/** What the words of an entry are made of. */
type Known = Pick<Model, 'language' | 'images' | 'status'>;

/** One line, however long. */
export function logText({ event, times }: LogEntry, known: Known): string {
  const { events: texts } = textsOf(known.language);
  const text = eventText(event, known);
  return times === 1 ? text : `${text} (${texts.times(times)})`;
}

function eventText(event: LogEvent, known: Known): string {
  const { language, images } = known;
  const { events: texts, common } = textsOf(language);
  const titled = (title: string): string => titleIn(language, title, { operations: null, images });
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
    case 'other-machine-refused': {
      const { host, address, serialNumber, expected } = event;
      return texts.otherMachineRefused(host, address, serialNumber ?? texts.noSerial, expected);
    }
    case 'foreign-adapter': {
      const { host, address, hardwareAddress, isRefused } = event;
      return texts.foreignAdapter(host, address, hardwareAddress, isRefused);
    }
    case 'two-machines':
      return texts.twoMachines(event.host, event.address, event.refused);
    case 'machine-accepted':
      return texts.machineAccepted(event.host, event.serialNumber ?? texts.noSerial, event.by);
    case 'task-created':
      return texts.taskCreated(titled(event.task), event.by);
    case 'task-ended': {
      const { task, outcome, good, runs } = event;
      return texts.taskEnded(titled(task), common.runStates[outcome], good, runs);
    }
    case 'runs-failed':
      return texts.runsFailed(titled(event.task), hosts(event.hosts), errorOf(event, known));
    case 'runs-begun-again':
      return texts.runsBegunAgain(titled(event.task), hosts(event.hosts));
    case 'sessions-missed':
      return texts.sessionsMissed(titled(event.task), hosts(event.hosts));
    case 'stranger-in-session': {
      const { task, address, next } = event;
      return texts.strangerInSession[next](titled(task), address ?? texts.unknownAddress);
    }
    case 'image-captured':
      return texts.imageCaptured(event.image);
    case 'image-deleted':
      return texts.imageDeleted(event.image);
    case 'image-renamed':
      return texts.imageRenamed(event.from, event.image);
    case 'image-protected':
      return event.isProtected
        ? texts.imageProtected(event.image)
        : texts.imageUnprotected(event.image);
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

/** The log has the message alone; what kind of error it is stands in the task, while the server still tells of it. */
function errorOf(
  { task: title, error }: Extract<LogEvent, { type: 'runs-failed' }>,
  { language, status }: Known,
): string {
  if (error === null) return '';
  const runs = (status?.tasks ?? [])
    .filter((task) => task.title === title)
    .flatMap((task) => task.runs);
  const report = runs.find((run) => run.error?.message === error)?.error ?? null;
  return report === null ? error : errorLineIn(language, report, error);
}
