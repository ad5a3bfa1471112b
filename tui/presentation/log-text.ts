/** An entry of the server's log in words. */

import { isDeepStrictEqual } from 'node:util';
import { render } from '../../lib/messages/render.ts';
import type { Message } from '../../lib/model/message.ts';
import type { LogEntry, LogEvent, NameSample } from '../../lib/model/log-entry.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Model } from '../model.ts';
import { textsOf } from '../text/catalogue.ts';
import { errorLineIn } from '../../lib/messages/errors.ts';

/** What the words of an entry are made of. */
type Known = Pick<Model, 'language' | 'status'>;

/** One line, however long. */
export function logText({ event, times }: LogEntry, known: Known): string {
  const { events: texts } = textsOf(known.language);
  const text = eventText(event, known);
  return times === 1 ? text : `${text} (${texts.times(times)})`;
}

function eventText(event: LogEvent, known: Known): string {
  const { language } = known;
  const { events: texts, states } = textsOf(language);
  const titled = (title: Message): string => render(language, title);
  const hosts = ({ names, count }: NameSample): string =>
    texts.hosts(names.join(', '), count - names.length);
  const from = (address: string | null): string =>
    address === null ? texts.atServer : texts.from(address);
  const by = (text: string, who: string | null): string =>
    who === null ? text : texts.by(text, who);
  switch (event.type) {
    case 'server-started':
      return texts.serverStarted(event.version);
    case 'hosts-registered':
      return event.isPending
        ? texts.hostsPending(hosts(event.hosts))
        : texts.hostsRegistered(hosts(event.hosts));
    case 'hosts-approved':
      return by(texts.hostsApproved(hosts(event.hosts)), event.by);
    case 'hosts-added':
      return by(texts.hostsAdded(hosts(event.hosts)), event.by);
    case 'hosts-rejected':
      return by(texts.hostsRejected(hosts(event.hosts)), event.by);
    case 'hosts-deleted':
      return by(texts.hostsDeleted(hosts(event.hosts)), event.by);
    case 'host-renamed':
      return by(texts.hostRenamed(event.from, event.host), event.by);
    case 'hosts-changed': {
      const changes = event.changes.map(({ field, to }) => texts.became(texts.fields[field], to));
      return by(texts.hostsChanged(hosts(event.hosts), changes.join(', ')), event.by);
    }
    case 'group-changed':
      return by(texts.groupChanged[event.change](event.group, event.from ?? ''), event.by);
    case 'job-changed':
      return by(texts.jobChanged[event.change](event.job, event.from ?? ''), event.by);
    case 'job-not-started':
      return texts.jobNotStarted(event.job, event.schedule, event.error);
    case 'job-missed':
      return texts.jobMissed(event.job, event.schedule, event.times);
    case 'other-machine-refused': {
      const { host, address, serialNumber, expected } = event;
      return texts.otherMachineRefused(host, address, serialNumber ?? texts.noSerial, expected);
    }
    case 'foreign-adapter': {
      const { host, address, hardwareAddress, isRefused } = event;
      return texts.foreignAdapter(host, address, hardwareAddress, isRefused);
    }
    case 'routed-machine':
      return texts.routedMachine(event.host, event.address);
    case 'two-machines':
      return texts.twoMachines(event.host, event.address, event.refused);
    case 'machine-accepted':
      return by(texts.machineAccepted(event.host, event.serialNumber ?? texts.noSerial), event.by);
    case 'task-created':
      return texts.taskCreated(titled(event.task), event.by);
    case 'task-ended': {
      const { task, outcome, good, runs } = event;
      return texts.taskEnded(titled(task), states.runs[outcome], good, runs);
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
      return by(texts.imageDeleted(event.image), event.by);
    case 'image-renamed':
      return by(texts.imageRenamed(event.from, event.image), event.by);
    case 'image-protected':
      return by(
        event.isProtected ? texts.imageProtected(event.image) : texts.imageUnprotected(event.image),
        event.by,
      );
    case 'logged-in':
      return texts.loggedIn(event.operator, from(event.from));
    case 'login-refused':
      return texts.loginRefused(event.name ?? texts.noName, from(event.from));
    case 'operator-changed':
      return by(texts.operatorChanged[event.change](event.operator), event.by);
    case 'settings-changed': {
      const values: Readonly<Record<string, string>> = texts.settingValues;
      const changes = event.changes.map(({ setting, to }) =>
        texts.became(texts.settings[setting], to === undefined ? to : (values[to] ?? to)),
      );
      return by(texts.settingsChanged(changes.join(', ')), event.by);
    }
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
    .filter((task) => isDeepStrictEqual(task.title, title))
    .flatMap((task) => task.runs);
  const report = runs.find((run) => run.error?.message === error)?.error ?? null;
  return report === null ? error : errorLineIn(language, report, error);
}
