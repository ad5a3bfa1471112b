/** The operators' calls of which their log says nothing by itself. */

/** Reads, logins, and what acts on the world and not on the store. */
export const CHANGES_NOTHING = new Set([
  'server.hello',
  'operator.login',
  'operator.logout',
  'operator.present',
  'status.get',
  'status.watch',
  'inventory.watch',
  'log.watch',
  'run.log',
  'host.list',
  'host.resolve',
  'host.show',
  'host.wake',
  'group.list',
  'group.show',
  'image.list',
  'image.show',
  'image.verify',
  'task.list',
  'task.show',
  'job.list',
  'job.show',
  'job.history',
  'operator.list',
  'settings.get',
  'boot.refresh',
  'session.start',
]);
/** Told by what becomes of the task (task-created, task-ended), or only put away. */
export const TOLD_AS_TASKS = new Set(['task.create', 'task.cancel', 'task.putAway', 'job.start']);
