/** What runs and transmissions do or wait for now, in every language. */

import { formatDuration, formatMoment } from '../format.ts';
import { errorLineIn } from '../messages/errors.ts';
import { render } from '../messages/render.ts';
import type { Language } from '../model/language.ts';
import type { Session } from '../model/task.ts';
import type { Activity } from '../rules/run-activity.ts';
import { bilingual } from '../text/bilingual.ts';
import { unreachable } from '../unreachable.ts';
import { hostNameOf, silentHosts, type TaskView } from './task-view.ts';

/** What a run does or waits for, or the error that it ended with; empty when there is nothing to say. */
export function activityText(language: Language, activity: Activity): string {
  const words = WORDS[language];
  switch (activity.type) {
    case 'none':
      return '';
    case 'waiting-for-session':
      return words.waitsForSession;
    case 'waiting-for-system':
      return (activity.isRestarting ? words.restartsInto : words.waitsForSystem)[activity.system];
    case 'waiting-for-host':
      return words.waitsForHost(momentOf(activity.until));
    case 'waiting-for-task':
      return words.waitsForTask(momentOf(activity.until));
    case 'working': {
      const planning = activity.isPlanning ? words.planning : '';
      const doing = activity.step === null ? planning : render(language, activity.step.title);
      return activity.isCancelled ? words.beingCancelled(doing) : doing;
    }
    case 'ended':
      return errorLineIn(language, activity.error, activity.error.message);
    default:
      return unreachable(activity);
  }
}

function momentOf(until: string | null): string | null {
  return until === null ? null : formatMoment(until);
}

/** Whom a transmission waits for because they do not answer; null when everybody does. */
export function silentHostsText(
  language: Language,
  session: Pick<Session, 'members' | 'silent'>,
  view: Pick<TaskView, 'hostNames'>,
): string | null {
  const [first, ...others] = silentHosts(session);
  if (first === undefined || session.silent === undefined) return null;
  const left = formatDuration(session.silent.dropsInMs);
  return SILENT_WORDS[language](hostNameOf(view, first), others.length, left);
}

const WORDS = bilingual({
  en: {
    waitsForHost: (until: string | null) =>
      until === null ? 'waits for the host' : `waits for the host until ${until}`,
    waitsForTask: (until: string | null) =>
      `waits until the host has done its other task${until === null ? '' : `, at most until ${until}`}`,
    waitsForSession: 'waits for the next transmission',
    waitsForSystem: {
      engine: "waits for the host's engine",
      disk: "waits for the host's own system",
    },
    restartsInto: {
      engine: 'restarts into the engine',
      disk: "restarts into the host's own system",
    },
    planning: 'makes the plan',
    beingCancelled: (step: string) => `being cancelled: ${step}`,
  },
  de: {
    waitsForHost: (until) =>
      until === null ? 'wartet auf den Rechner' : `wartet auf den Rechner bis ${until}`,
    waitsForTask: (until) =>
      `wartet auf das Ende seines anderen Auftrags${until === null ? '' : `, höchstens bis ${until}`}`,
    waitsForSession: 'wartet auf die nächste Übertragung',
    waitsForSystem: {
      engine: 'wartet auf die Engine des Rechners',
      disk: 'wartet auf das eigene System des Rechners',
    },
    restartsInto: {
      engine: 'startet neu in die Engine',
      disk: 'startet neu in das eigene System',
    },
    planning: 'macht den Plan',
    beingCancelled: (step) => `wird abgebrochen: ${step}`,
  },
});

const SILENT_WORDS = {
  en: (host: string, others: number, left: string): string =>
    others === 0
      ? `waiting for ${host}, which does not answer: dropped in ${left}`
      : `waiting for ${host} and ${others} more, which do not answer: dropped in ${left}`,
  de: (host: string, others: number, left: string): string =>
    others === 0
      ? `wartet auf ${host}, der nicht antwortet: wird in ${left} aufgegeben`
      : `wartet auf ${host} und ${others} weitere, die nicht antworten: werden in ${left} aufgegeben`,
};
