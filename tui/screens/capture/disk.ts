/** Capturing, second step: which disk, drawn to scale. */

import type { HostId } from '../../../lib/model/ids.ts';
import type { Disk } from '../../../lib/model/system-info.ts';
import type { Model } from '../../model.ts';
import { wholeHost } from '../../presentation/hosts/chosen-hosts.ts';
import { diskLines } from '../../presentation/hosts/host-lines.ts';
import { listScreen } from '../../components/list-screen.ts';
import type { Column } from '../../components/table-view.ts';
import { line, span } from '../../picture.ts';
import { perform } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { openCaptureOptions } from './options.ts';
import { readHost } from '../open.ts';
import type { ScreenStates } from '../../screen-states.ts';

export const CAPTURE_DISK = listScreen<Disk, ScreenStates['capture-disk']>({
  list: 'capture-disk',
  title: ({ hostId }, model) => textsOf(model.language).capture.diskTitle(nameOf(hostId, model)),
  rows: (model, { hostId }) => disksIn(hostId, model),
  keyOf: ({ address }) => address,
  columns: (_, model) => columns(model),
  below: (disk, model, width, { hostId }) =>
    wholeHost(hostId, model)?.isRead === true
      ? diskLines(disk, model, width)
      : [line(span(` ${textsOf(model.language).common.reading}`, 'dim'))],
  heard: (event, model, { hostId }) =>
    event.type === 'inventory' && event.change.hosts.some(({ id }) => id === hostId)
      ? perform(readHost(hostId, model))
      : null,
  head: (_, model) => line(` ${textsOf(model.language).capture.diskHead}`),
  empty: (model, { hostId }) => [refusalForSource(hostId, null, model) ?? ''],
  commands: (disk, model, { hostId }) => {
    const texts = textsOf(model.language).capture;
    return [
      {
        name: 'next',
        keys: ['enter', 'space'],
        label: texts.next,
        help: texts.diskHelp,
        disabledReason: refusalForSource(hostId, disk, model),
        run: () =>
          perform(
            ...(disk === null ? [] : [openCaptureOptions({ hostId, disk: disk.address }, model)]),
          ),
      },
    ];
  },
});

function nameOf(hostId: HostId, model: Model): string {
  return wholeHost(hostId, model)?.host.name ?? '';
}

/** Fixed ones first: nobody captures the stick that lies in the drive. */
function disksIn(hostId: HostId, model: Model): readonly Disk[] {
  const disks = wholeHost(hostId, model)?.host.systemInfo?.disks ?? [];
  return disks.toSorted((one, other) => Number(one.removable) - Number(other.removable));
}

function refusalForSource(hostId: HostId, disk: Disk | null, model: Model): string | null {
  const { capture: texts, common, hosts } = textsOf(model.language);
  const found = wholeHost(hostId, model);
  if (found === null) return hosts.gone;
  if (disk === null) return found.host.systemInfo === null ? texts.neverHere : texts.noDisk;
  if (!found.isRead) return common.reading;
  return disk.tableType === 'none' || disk.partitions.length === 0 ? texts.emptyDisk : null;
}

function columns(model: Model): Column<Disk>[] {
  const texts = textsOf(model.language).capture;
  return [
    { title: texts.diskColumn, width: 16, cell: ({ address }) => address },
    {
      title: texts.sizeColumn,
      width: 8,
      align: 'right',
      cell: ({ sizeBytes }) => bytesText(sizeBytes, model),
    },
    {
      title: texts.modelColumn,
      width: 'rest',
      cell: ({ model: name }) => (name === '' ? '-' : name),
    },
    { title: texts.serialColumn, width: 20, cell: ({ serial }) => serial ?? '-' },
  ];
}
