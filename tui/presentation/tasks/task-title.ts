/** What a task is called, in the language of the UI. */

import { render } from '../../../lib/messages/render.ts';
import type { Task } from '../../../lib/model/task.ts';
import type { Model } from '../../model.ts';

/** "deploy win11 to room-1", "win11 verteilen auf room-1". */
export function taskTitle(
  { title }: Pick<Task, 'title'>,
  { language }: Pick<Model, 'language'>,
): string {
  return render(language, title);
}
