/** The task that is being put together: hosts, one disk, operations in order; and what stands against it. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import type { HostView } from '../../../lib/model/host.ts';
import { traitsOf } from '../../../lib/model/operation.ts';
import { KIND_NAMES } from '../../../lib/model/operations/table.ts';
import { diskChoices, type DiskChoice } from '../../../lib/disk/disk-choices.ts';
import type { Model } from '../../model.ts';
import { hostsOf } from '../../presentation/hosts/chosen-hosts.ts';
import { diskFaultText } from '../../presentation/hosts/disk-choice.ts';
import { refusalForWork } from '../../presentation/hosts/host-work.ts';
import { textsOf } from '../../text/catalogue.ts';
import { isTaskBeingMade } from '../task-being-made.ts';
import type { TaskPlan } from '../../screen-states.ts';
import type { DisabledReason } from '../../disabled-reason.ts';
import { imageNamed } from './image-named.ts';
import { needsImage, operationFault, type Kind } from './operations.ts';

/** In the order in which they make sense. */
export const KINDS: readonly Kind[] = KIND_NAMES.toSorted(
  (one, other) => traitsOf({ type: one }).rank - traitsOf({ type: other }).rank,
);

/** The operations with another one, before the first of those that come later by nature. */
export function withOperation<O extends { readonly type: Kind }>(
  operations: readonly O[],
  added: O,
): readonly O[] {
  const rank = (operation: O): number => traitsOf(operation).rank;
  const later = operations.findIndex((each) => rank(each) > rank(added));
  return operations.toSpliced(later < 0 ? operations.length : later, 0, added);
}

/** Why an operation of this kind cannot be added; null when it can. */
export function refusalForAdding(
  kind: Kind,
  { operations, hostIds }: TaskPlan,
  { images, language }: Pick<Model, 'images' | 'language'>,
): DisabledReason | null {
  const areImages = images.some(({ versions }) => versions.length > 0);
  if (needsImage(kind) && !areImages) return textsOf(language).newTask.noImages;
  const kinds = withOperation(
    operations.map(({ type }) => ({ type })),
    { type: kind },
  );
  return refusalFor('task.create', {
    hosts: hostIds.length,
    operations: kinds.map(({ type }) => type),
  });
}

export function targetsOf({ hostIds }: TaskPlan, model: Model): readonly HostView[] {
  return hostsOf(hostIds, model);
}

const cache = new WeakMap<
  TaskPlan,
  { readonly of: Pick<Model, 'hosts' | 'images'>; readonly choices: readonly DiskChoice[] }
>();

/** Every disk that could be meant; what is to be written must fit. Looked through once per list of hosts. */
export function disksOf(plan: TaskPlan, model: Model): readonly DiskChoice[] {
  const { hosts, images } = model;
  const known = cache.get(plan);
  if (known?.of.hosts === hosts && known.of.images === images) return known.choices;
  const choices = findDisks(plan, model);
  cache.set(plan, { of: { hosts, images }, choices });
  return choices;
}

function findDisks(plan: TaskPlan, model: Model): readonly DiskChoice[] {
  const versions = plan.operations.flatMap((each) =>
    'image' in each ? (imageNamed(each.image, model)?.versions.slice(0, 1) ?? []) : [],
  );
  return diskChoices(targetsOf(plan, model), versions);
}

export function chosenDisk(plan: TaskPlan, model: Model): DiskChoice | null {
  const { disk } = plan;
  return (
    disksOf(plan, model).find(({ selector }) =>
      selector.type === 'only' || disk.type === 'only'
        ? selector.type === disk.type
        : selector.value === disk.value,
    ) ?? null
  );
}

/** Whether something on the disks will be lost. */
export function overwrites({ operations }: TaskPlan): boolean {
  return operations.some((each) => traitsOf(each).leaves !== 'as-it-was');
}

/** Everything that stands against the task as it is; none: it can be started. */
export function faultsOf(plan: TaskPlan, model: Model): readonly DisabledReason[] {
  const texts = textsOf(model.language).newTask;
  const hosts = targetsOf(plan, model);
  const gone = plan.hostIds.length - hosts.length;
  const types = plan.operations.map(({ type }) => type);
  const isAboutDisk = plan.operations.some((each) => traitsOf(each).usesDisk);
  const disk = isAboutDisk ? (chosenDisk(plan, model)?.fault ?? null) : null;
  const isBeingMade = isTaskBeingMade(model, plan.hostIds);
  return [
    gone > 0 ? texts.hostsGone(gone) : null,
    refusalFor('task.create', { hosts: hosts.length, operations: types }),
    refusalForWork(hosts),
    ...plan.operations.map((each) => operationFault(each.type, each, model)),
    disk === null ? null : diskFaultText(disk, model),
    isBeingMade ? texts.isStarting : null,
  ].filter((fault) => fault !== null);
}
