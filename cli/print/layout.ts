/** A layout as people read it: what is where on a disk, in the order of the disk. */

import type { Layout, LayoutPartition } from '../../lib/disk/layout/layout.ts';
import { endOf } from '../../lib/disk/tables/ranges.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import { diskText } from '../../lib/text/disks.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import { bytesToSectors, sectorsToBytes, type SectorRange } from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Texts } from '../text/catalogue.ts';
import { indented, table } from './table.ts';
import { orDash } from './labels.ts';

type Row = SectorRange & {
  readonly number: string;
  readonly type: string;
  readonly filesystem: string;
  readonly what: string;
};

export function layoutLines(texts: Texts, disk: Disk, layout: Layout): string[] {
  const { columns } = texts.layout;
  const rows = [
    ...layout.partitions.map((partition) => partitionRow(texts, partition)),
    ...layout.gaps.map(({ stream, startSector, sectorCount }) => ({
      startSector,
      sectorCount,
      number: '-',
      type: '-',
      filesystem: '-',
      what: stream.name,
    })),
    ...layout.tableAreas.map(({ kind, startSector, sectorCount }) => ({
      startSector,
      sectorCount,
      number: '-',
      type: '-',
      filesystem: '-',
      what: texts.layout.areas[kind],
    })),
  ].toSorted((one, other) => one.startSector - other.startSector);
  return [
    texts.layout.fits(diskText(texts.language, disk)),
    '',
    ...indented(
      table(
        [
          { title: columns.number, align: 'right' },
          { title: columns.start, align: 'right' },
          { title: columns.sectors, align: 'right' },
          { title: columns.size, align: 'right' },
          { title: columns.type },
          { title: columns.filesystem },
          { title: columns.what },
        ],
        rows.map(({ number, startSector, sectorCount, type, filesystem, what }) => [
          number,
          String(startSector),
          String(sectorCount),
          bytesText(sectorsToBytes(sectorCount, layout.sectorSizeBytes), texts),
          type,
          filesystem,
          what,
        ]),
      ),
    ),
    '',
    texts.layout.free(bytesText(freeBytes(disk, layout), texts)),
  ];
}

function partitionRow(texts: Texts, partition: LayoutPartition): Row {
  const { number, startSector, sectorCount, typeCode, filesystem, content } = partition;
  return {
    startSector,
    sectorCount,
    number: String(number),
    type: orDash(typeCode),
    filesystem: orDash(filesystem?.type ?? null),
    what: contentText(texts, content),
  };
}

function contentText({ images }: Texts, content: LayoutPartition['content']): string {
  switch (content.type) {
    case 'stream':
      return content.stream.name;
    case 'swap':
      return content.header === undefined ? images.newSwap : images.swapHeader;
    case 'extended':
      return images.extended;
    default:
      return unreachable(content);
  }
}

/** Behind the last partition, but for what the table itself takes at the end. */
function freeBytes(disk: Disk, { partitions, gaps, tableAreas, sectorSizeBytes }: Layout): number {
  const end = Math.max(0, ...[...partitions, ...gaps].map(endOf));
  const behind = tableAreas.filter(({ startSector }) => startSector >= end);
  const tableSectors = behind.reduce((sum, { sectorCount }) => sum + sectorCount, 0);
  const sectors = bytesToSectors(disk.sizeBytes, sectorSizeBytes) - end - tableSectors;
  return sectorsToBytes(Math.max(0, sectors), sectorSizeBytes);
}
