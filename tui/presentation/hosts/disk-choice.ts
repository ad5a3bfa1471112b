/** What a choice of disks is called, and why it cannot be taken; how large a host's disks are. */

import type { HostView } from '../../../lib/model/host.ts';
import type { DiskChoice, DiskFault } from '../../../lib/disk/disk-choices.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import type { Model } from '../../model.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';

/** "/dev/sda", "the only fixed disk". */
export function diskName(
  { selector }: Pick<DiskChoice, 'selector'>,
  { language }: Pick<Model, 'language'>,
): string {
  return selector.type === 'only' ? textsOf(language).deploy.onlyDisk : selector.value;
}

/** Of all disks of a host: "500.1 GB, 1.0 TB"; empty when none is known. */
export function diskSizes(
  { systemInfo }: Pick<HostView, 'systemInfo'>,
  model: Pick<Model, 'language'>,
): string {
  return (systemInfo?.disks ?? []).map(({ sizeBytes }) => bytesText(sizeBytes, model)).join(', ');
}

/** How many hosts are named where there is one line. */
const FEW = 3;

/** At most `most` of the hosts that it is about are named. */
export function diskFaultText(
  fault: DiskFault,
  model: Pick<Model, 'language'>,
  most = FEW,
): string {
  const { faults } = textsOf(model.language).deploy;
  const names = fault.hosts.slice(0, most).join(', ');
  const whose = fault.hosts.length > most ? `${names}, +${fault.hosts.length - most}` : names;
  switch (fault.type) {
    case 'missing':
      return faults.missing(whose);
    case 'ambiguous':
      return faults.ambiguous(whose);
    case 'too-small':
      return faults.tooSmall(
        whose,
        bytesText(fault.presentBytes, model),
        bytesText(fault.neededBytes, model),
      );
    case 'sector-size':
      return faults.sectorSize(whose);
    case 'read-only':
      return faults.readOnly(whose);
    default:
      return unreachable(fault);
  }
}
