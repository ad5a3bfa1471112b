/** How each partition of a disk is read, or all the reasons at once why the disk must not be captured now. */

import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import { filesystemOf } from '../filesystems/table.ts';
import { chosen, chooseSource, type Choice } from './choose-source.ts';
import type { PartitionPlan } from './partition-plan.ts';
/** How the partitions are read, by their numbers. */
export type Sources = ReadonlyMap<number, Extract<Choice, { type: 'capture' }>>;

/**
 * Chooses for each partition that has a stream. Throws `disk-read-failed` when an image would lack data that is in a journal or in Windows' memory
 * only; the error names every partition of which that is true.
 */
export async function chooseSources(
  disk: Disk,
  partitions: readonly PartitionPlan[],
  options: { readonly run: Run; readonly workDirectory: string; readonly signal: AbortSignal },
): Promise<Sources> {
  const sources = new Map<number, Extract<Choice, { type: 'capture' }>>();
  const { signal } = options;
  const refused: { device: string; state: string; remedy: string }[] = [];
  for (const { partition, device, filesystem, content } of partitions) {
    signal.throwIfAborted();
    if (content.type === 'swap' || content.type === 'extended') continue;
    const type = filesystem?.type ?? null;
    const choice =
      content.type === 'inspect' || content.type === 'swap-and-more'
        ? await chooseSource({ device, type }, filesystemOf(type), options)
        : chosen(device, content);
    if (choice.type === 'refused') refused.push({ device, ...choice });
    else sources.set(partition.number, choice);
  }
  const [first, ...others] = refused;
  if (first === undefined) return sources;
  if (others.length === 0) {
    throw new OperatorError({
      code: 'disk-read-failed',
      message: `checking the file system on ${first.device}: ${first.state}`,
      hint: first.remedy,
    });
  }
  throw new OperatorError({
    code: 'disk-read-failed',
    message: `checking the file systems of ${disk.address}: ${refused
      .map(({ device, state }) => `on ${device}, ${state}`)
      .join('; ')}`,
    hint: remedies(refused),
  });
}

/** Each remedy once, with the devices that it is for when there are several. */
function remedies(refused: readonly { device: string; remedy: string }[]): string {
  const devicesOf = new Map<string, string[]>();
  for (const { device, remedy } of refused) {
    devicesOf.set(remedy, [...(devicesOf.get(remedy) ?? []), device]);
  }
  if (devicesOf.size === 1) return [...devicesOf.keys()].join('');
  return [...devicesOf].map(([remedy, devices]) => `${devices.join(', ')}: ${remedy}`).join(' ');
}
