/** A run with the task that it is of, as the store has both. */

import type { Run, Task } from '../../lib/model/task.ts';

export type WorkItem = { readonly task: Task; readonly run: Run };
