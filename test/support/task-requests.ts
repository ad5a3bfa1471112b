/** Requests for tasks of one kind, as the command line makes them. */

import { withShutdown, type TaskRequest } from '../../lib/model/task-request.ts';
import type { WantedOperation } from '../../lib/model/operation.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';

type Wanted<K extends WantedOperation['type']> = Omit<
  Extract<WantedOperation, { type: K }>,
  'type'
>;
type Rest = Pick<TaskRequest, 'wake' | 'waitMs'> & {
  readonly disk: TaskRequest['disk'];
  readonly afterwards?: ShutdownMode | null;
};
type ToTargets = { readonly targets: readonly string[] };

export function captureTask({
  host,
  imageName,
  compression,
  ...rest
}: { readonly host: string } & Wanted<'capture'> & Rest): TaskRequest {
  return requestOf([host], [{ type: 'capture', imageName, compression }], rest);
}

export function deployTask({
  image,
  targets,
  transport,
  gatherMs,
  ...rest
}: Wanted<'deploy'> & ToTargets & Rest): TaskRequest {
  return requestOf(targets, [{ type: 'deploy', image, transport, gatherMs }], rest);
}

export function partitionTask({
  image,
  targets,
  ...rest
}: Wanted<'partition'> & ToTargets & Rest): TaskRequest {
  return requestOf(targets, [{ type: 'partition', image }], rest);
}

export function shutdownTask({
  targets,
  mode,
  ...rest
}: Wanted<'shutdown'> & ToTargets & Omit<Rest, 'disk' | 'afterwards'>): TaskRequest {
  const disk = { type: 'only' } as const;
  return { targets: [...targets], disk, operations: [{ type: 'shutdown', mode }], ...rest };
}

function requestOf(
  targets: readonly string[],
  operations: readonly WantedOperation[],
  { afterwards, ...rest }: Rest,
): TaskRequest {
  return {
    targets: [...targets],
    operations: withShutdown(operations, afterwards ?? null),
    ...rest,
  };
}
