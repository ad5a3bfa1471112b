/** What a run does or waits for now, as people read it. */

import { render } from '../../lib/messages/render.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Activity } from '../../lib/client/task-view.ts';
import type { Texts } from '../text/catalogue.ts';
import { errorText } from './error-text.ts';
import { formatTime } from './labels.ts';

/** Empty when there is nothing to say. */
export function activityText(texts: Texts, activity: Activity): string {
  const { tasks } = texts;
  switch (activity.type) {
    case 'none':
      return '';
    case 'waiting-for-session':
      return tasks.waitingForSession;
    case 'waiting-for-system':
      return (activity.isRestarting ? tasks.restartingInto : tasks.waitingForSystem)[
        activity.system
      ];
    case 'waiting-for-host':
      return activity.until === null
        ? tasks.waitingForHost
        : tasks.waitingUntil(formatTime(activity.until));
    case 'working': {
      const planning = activity.isPlanning ? tasks.planning : '';
      const doing = activity.step === null ? planning : render(texts.language, activity.step.title);
      return activity.isCancelled ? tasks.beingCancelled(doing) : doing;
    }
    case 'ended':
      return errorText(texts, activity.error, activity.error.message);
    default:
      return unreachable(activity);
  }
}
