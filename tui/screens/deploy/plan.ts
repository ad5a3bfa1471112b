/** What a deployment will be: what the wizard's steps collect. */

import { diskChoices, type DiskChoice } from '../../../lib/disk/disk-choices.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { Image, ImageVersion } from '../../../lib/model/image.ts';
import type { Model } from '../../model.ts';
import { hostsOf } from '../../presentation/hosts/chosen-hosts.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import type { DeployPlan, TargetDisks, Targets } from '../../screen-states.ts';

/** The screens of the wizard, from the last to the first: what goes when it is done. */
export const WIZARD = [
  'deploy-summary',
  'deploy-options',
  'deploy-disk',
  'deploy-targets',
  'deploy-image',
] as const;

/** The image and the version that goes out; null when it was deleted meanwhile. */
export function imageOf(
  { imageId }: Pick<Targets, 'imageId'>,
  { images }: Pick<Model, 'images'>,
): { readonly image: Image; readonly version: ImageVersion } | null {
  const image = images.find(({ id }) => id === imageId);
  const version = image?.versions[0];
  return image === undefined || version === undefined ? null : { image, version };
}

export function targetsOf({ hostIds }: Targets, model: Model): readonly HostView[] {
  return hostsOf(hostIds, model);
}

export function offHosts(targets: Targets, model: Model): readonly HostView[] {
  return targetsOf(targets, model).filter((host) => !isRunning(host));
}

/** Hosts that have never told what disks they have. */
export function unknownHosts(targets: Targets, model: Model): readonly HostView[] {
  return targetsOf(targets, model).filter(({ systemInfo }) => systemInfo === null);
}

export function disksOf(targets: Targets, model: Model): readonly DiskChoice[] {
  const found = imageOf(targets, model);
  return found === null ? [] : diskChoices(targetsOf(targets, model), [found.version]);
}

/** The chosen disk in every host. */
export function chosenDisk({ disk, ...targets }: TargetDisks, model: Model): DiskChoice | null {
  return disksOf(targets, model).find(({ selector }) => isSame(selector, disk)) ?? null;
}

function isSame(one: DiskChoice['selector'], other: DiskChoice['selector']): boolean {
  if (one.type === 'only' || other.type === 'only') return one.type === other.type;
  return one.value === other.value;
}

/** What "auto" comes to. */
export function isMulticast({
  transport,
  hostIds,
}: Pick<DeployPlan, 'transport' | 'hostIds'>): boolean {
  return transport === 'multicast' || (transport === 'auto' && hostIds.length > 1);
}

/** How long a session waits for the others after the first host is ready: as the command line does. */
const GATHER_MS = 120_000;
/** Machines that are off have to boot first. */
const GATHER_WAKING_MS = 300_000;

export function gatherMs({
  wake,
  chosenGatherMs,
}: Pick<DeployPlan, 'wake' | 'chosenGatherMs'>): number {
  if (chosenGatherMs !== null) return chosenGatherMs;
  return wake ? GATHER_WAKING_MS : GATHER_MS;
}
