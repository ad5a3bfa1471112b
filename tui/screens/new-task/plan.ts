/** The task that is being put together: hosts, one disk, operations in order; and what stands against it. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { Image } from '../../../lib/model/image.ts';
import { traitsOf, type WantedOperation } from '../../../lib/model/operation.ts';
import { KIND_NAMES } from '../../../lib/model/operations/table.ts';
import { diskChoices, type DiskChoice } from '../../../lib/disk/disk-choices.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import type { Model } from '../../model.ts';
import { hostsOf } from '../../presentation/hosts/chosen-hosts.ts';
import { diskFaultText } from '../../presentation/hosts/disk-choice.ts';
import { whyNotWork } from '../../presentation/hosts/host-work.ts';
import { whyNotCapture } from '../../presentation/images/image-uses.ts';
import { textsOf } from '../../text/catalogue.ts';
import { isTaskBeingMade } from '../task-being-made.ts';
import type { TaskPlan } from '../../screen-states.ts';

export type Kind = WantedOperation['type'];

/** In the order in which they make sense. */
export const KINDS: readonly Kind[] = KIND_NAMES.toSorted(
  (one, other) => traitsOf({ type: one }).rank - traitsOf({ type: other }).rank,
);

/** The operations with another one, before the first of those that come later by nature. */
export function withOperation(
  operations: readonly WantedOperation[],
  added: WantedOperation,
): readonly WantedOperation[] {
  const rank = (operation: WantedOperation): number => traitsOf(operation).rank;
  const later = operations.findIndex((each) => rank(each) > rank(added));
  return operations.toSpliced(later < 0 ? operations.length : later, 0, added);
}

/** Why an operation of this kind cannot be added; null when it can. */
export function whyNotAdd(
  kind: Kind,
  { operations, hostIds }: TaskPlan,
  model: Model,
): string | null {
  const texts = textsOf(model.language).newTask;
  const isAbout = kind === 'deploy' || kind === 'partition';
  if (isAbout && !model.images.some(({ versions }) => versions.length > 0)) return texts.noImages;
  const sample: WantedOperation = { type: 'shutdown', mode: 'exit' };
  const placed = withOperation(operations, kind === 'shutdown' ? sample : { ...SAMPLES[kind] });
  return refusalFor('task.create', {
    hosts: hostIds.length,
    operations: placed.map(({ type }) => type),
  });
}

const SAMPLES = {
  capture: { type: 'capture', imageName: '-', compression: 'zstd' },
  deploy: { type: 'deploy', image: '-', transport: 'auto', gatherMs: 0 },
  partition: { type: 'partition', image: '-' },
} as const;

export function targetsOf({ hostIds }: TaskPlan, model: Model): readonly HostView[] {
  return hostsOf(hostIds, model);
}

/** By id or name, as operations name it. */
export function imageNamed(reference: string, { images }: Pick<Model, 'images'>): Image | null {
  return images.find(({ id, name }) => id === reference || name === reference) ?? null;
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
export function faultsOf(plan: TaskPlan, model: Model): readonly string[] {
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
    whyNotWork(hosts),
    ...plan.operations.map((each) => operationFault(each, model)),
    disk === null ? null : diskFaultText(disk, model),
    isBeingMade ? texts.isStarting : null,
  ].filter((fault) => fault !== null);
}

function operationFault(operation: WantedOperation, model: Model): string | null {
  const texts = textsOf(model.language).newTask;
  switch (operation.type) {
    case 'capture':
      return whyNotCapture(operation.imageName, model);
    case 'deploy':
    case 'partition': {
      const image = imageNamed(operation.image, model);
      if (image === null) return texts.imageGone;
      return refusalFor('image.deploy', { versions: image.versions.length });
    }
    case 'shutdown':
      return null;
    default:
      return unreachable(operation);
  }
}
