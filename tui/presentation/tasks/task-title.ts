/** What a task is called, in the language of the UI. */

import type { Task } from '../../../lib/model/task.ts';
import type { Model } from '../../model.ts';
import { titleIn } from '../../text/task-titles.ts';

/** "deploy win11 to room-1", "win11 verteilen auf room-1". */
export function taskTitle(
  { title, operations }: Pick<Task, 'title' | 'operations'>,
  { language, images }: Pick<Model, 'language' | 'images'>,
): string {
  return titleIn(language, title, { operations, images });
}
