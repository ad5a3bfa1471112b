/** Capturing, second step: which disk, drawn to scale. */

import type { HostId } from '../../../lib/model/ids.ts';
import type { Disk } from '../../../lib/model/system-info.ts';
import type { Model } from '../../model.ts';
import { readHost, wholeHost } from '../../presentation/hosts/chosen-hosts.ts';
import { diskLines } from '../../presentation/hosts/host-lines.ts';
import { listScreen } from '../../components/list-screen.ts';
import { TOP, type Selection } from '../../components/selection.ts';
import type { Column } from '../../components/table-view.ts';
import { line, span } from '../../picture.ts';
import { stay, type Action, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { captureOptionsScreen } from './options.ts';

/** The disks of the host; their partitions are read at the same time. */
export function openCaptureDisk(hostId: HostId, model: Model): readonly Action[] {
  return [{ type: 'push', screen: captureDiskScreen(hostId) }, readHost(hostId, model)];
}

export function captureDiskScreen(hostId: HostId, place: Selection = TOP): Screen {
  return listScreen<Disk>({
    name: 'capture-disk',
    title: (model) => textsOf(model.language).capture.diskTitle(nameOf(hostId, model)),
    place,
    at: (next) => captureDiskScreen(hostId, next),
    rows: (model) => disksIn(hostId, model),
    keyOf: ({ address }) => address,
    columns: (_, model) => columns(model),
    below: (disk, model, width) =>
      wholeHost(hostId, model)?.isRead === true
        ? diskLines(disk, model, width)
        : [line(span(` ${textsOf(model.language).common.reading}`, 'dim'))],
    heard: (event, model) =>
      event.type === 'inventory' && event.change.hosts.some(({ id }) => id === hostId)
        ? [readHost(hostId, model)]
        : [],
    head: (_, model) => line(` ${textsOf(model.language).capture.diskHead}`),
    empty: (model) => [whyNotCapture(hostId, null, model) ?? ''],
    commands: (disk, model, screen) => {
      const texts = textsOf(model.language).capture;
      return [
        {
          name: 'next',
          keys: ['enter', 'space'],
          label: texts.next,
          help: texts.diskHelp,
          whyNot: whyNotCapture(hostId, disk, model),
          run: () => stay(screen, ...(disk === null ? [] : [optionsOf(hostId, disk, model)])),
        },
      ];
    },
  });
}

function optionsOf(hostId: HostId, disk: Disk, model: Model): Action {
  return { type: 'push', screen: captureOptionsScreen({ hostId, disk: disk.address }, model) };
}

function nameOf(hostId: HostId, model: Model): string {
  return wholeHost(hostId, model)?.host.name ?? '';
}

/** Fixed ones first: nobody captures the stick that lies in the drive. */
function disksIn(hostId: HostId, model: Model): readonly Disk[] {
  const disks = wholeHost(hostId, model)?.host.systemInfo?.disks ?? [];
  return disks.toSorted((one, other) => Number(one.removable) - Number(other.removable));
}

function whyNotCapture(hostId: HostId, disk: Disk | null, model: Model): string | null {
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
