/** What a run does or waits for now, as people read it. */

import { unreachable } from '../../lib/unreachable.ts';
import type { Activity } from '../../lib/task-view.ts';
import type { Texts } from '../text/catalogue.ts';
import { errorText } from './error-text.ts';
import { formatTime } from './words.ts';

/** Empty when there is nothing to say. */
export function activityText(texts: Texts, activity: Activity): string {
  const { tasks } = texts;
  switch (activity.type) {
    case 'none':
      return '';
    case 'waiting-for-session':
      return tasks.waitingForSession;
    case 'waiting-for-host':
      return activity.until === null
        ? tasks.waitingForHost
        : tasks.waitingUntil(formatTime(activity.until));
    case 'working': {
      const doing = activity.step?.title ?? (activity.isPlanning ? tasks.planning : '');
      return activity.isCancelled ? tasks.beingCancelled(doing) : doing;
    }
    case 'ended':
      return errorText(texts, activity.error, activity.error.message);
    default:
      return unreachable(activity);
  }
}
