/** A disk drawn to scale: its partitions, what is in them, and the free space between. */

import { cut, padEnd, widthOf } from '../../lib/columns.ts';
import type { Manifest } from '../../lib/model/image.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import { sectorsToBytes } from '../../lib/units.ts';
import type { Model } from '../model.ts';
import { line, span, type Line, type Span } from '../picture.ts';
import { glyphsOf } from '../glyphs.ts';
import { bytesText } from '../../lib/text/quantities.ts';

export type MappedPartition = {
  readonly number: number;
  readonly startBytes: number;
  readonly sizeBytes: number;
  /** "ntfs"; empty when there is nothing known in it. */
  readonly filesystem: string;
  readonly label: string;
  /** How much of it is in use; null when that is not known. */
  readonly usedBytes: number | null;
};

export type DiskMap = {
  readonly sizeBytes: number;
  /** In any order, without containers of others. */
  readonly partitions: readonly MappedPartition[];
};

/** A piece of the drawing, from left to right; free space has no partition. */
export type MapPiece = {
  readonly partition: MappedPartition | null;
  readonly sizeBytes: number;
  /** In cells, without the border that follows it. */
  readonly width: number;
};

/** Narrower pieces say nothing: the number of the partition must fit. */
const LEAST_WIDTH = 2;
/** Alignment leaves gaps of up to this everywhere: they are no free space that somebody could use. */
const LEAST_FREE_BYTES = 8 * 1024 * 1024;

/** What the image's disk looked like. */
export function mapOfManifest(manifest: Manifest): DiskMap {
  const sector = manifest.disk.logicalSectorBytes;
  return {
    sizeBytes: manifest.disk.sizeBytes,
    partitions: manifest.partitions
      .filter(({ content }) => content.type !== 'extended')
      .map(({ number, startSector, sectorCount, filesystem, content }) => ({
        number,
        startBytes: sectorsToBytes(startSector, sector),
        sizeBytes: sectorsToBytes(sectorCount, sector),
        filesystem: filesystem?.type ?? '',
        label: filesystem?.label ?? '',
        usedBytes: content.type === 'stream' ? content.stream.rawBytes : null,
      })),
  };
}

/** What a host said of its disk. */
export function mapOfDisk(disk: Disk): DiskMap {
  const partitions = disk.partitions.map(
    ({ number, startSector, sizeBytes, filesystem, name }): MappedPartition => ({
      number,
      startBytes: sectorsToBytes(startSector, disk.logicalSectorBytes),
      sizeBytes,
      filesystem: filesystem?.type ?? '',
      label: filesystem?.label ?? name ?? '',
      usedBytes: null,
    }),
  );
  return {
    sizeBytes: disk.sizeBytes,
    // A container of logical partitions is where they are.
    partitions: partitions.filter(
      (each) =>
        !partitions.some(
          (other) =>
            other !== each &&
            other.startBytes > each.startBytes &&
            other.startBytes < each.startBytes + each.sizeBytes,
        ),
    ),
  };
}

/**
 * The pieces of a drawing `width` cells wide, with one cell of border between two: widths in proportion to sizes,
 * none below two cells. Free space disappears first when there is no room; partitions never do.
 */
export function mapPieces(map: DiskMap, width: number): MapPiece[] {
  const pieces = piecesOf(map);
  const isRoomFor = (count: number): boolean => count * (LEAST_WIDTH + 1) - 1 <= width;
  const kept = isRoomFor(pieces.length)
    ? pieces
    : pieces.filter(({ partition }) => partition !== null);
  const cells = Math.max(0, width - (kept.length - 1));
  const widths = share(
    kept.map(({ sizeBytes }) => sizeBytes),
    cells,
  );
  return kept.map((piece, index) => ({ ...piece, width: widths[index] ?? LEAST_WIDTH }));
}

/** Five lines: border with numbers, file systems, sizes, what is in use, border. */
export function partitionMapLines(map: DiskMap, width: number, model: Model): Line[] {
  const signs = glyphsOf(model);
  const { corners, across, down, tees } = signs.box;
  const pieces = mapPieces(map, Math.max(0, width - 2));
  const border = (ends: readonly [string, string], tee: string, names: boolean): Line => [
    span(ends[0], 'dim'),
    ...pieces.flatMap((piece, index): Span[] => {
      const name = names ? String(piece.partition?.number ?? '') : '';
      const shown = widthOf(name) <= piece.width ? name : '';
      return [
        ...(index === 0 ? [] : [span(tee, 'dim')]),
        span(shown, 'strong'),
        span(across.repeat(piece.width - widthOf(shown)), 'dim'),
      ];
    }),
    span(ends[1], 'dim'),
  ];
  const row = (textOf: (piece: MapPiece) => Line): Line => [
    span(down, 'dim'),
    ...pieces.flatMap((piece, index): Span[] => [
      ...(index === 0 ? [] : [span(down, 'dim')]),
      ...textOf(piece),
    ]),
    span(down, 'dim'),
  ];
  const fitted = (text: string, each: MapPiece): string =>
    padEnd(cut(text, each.width, each.width < 4 ? '' : signs.cut), each.width);
  // Half a number would be another number.
  const whole = (text: string, each: MapPiece): string =>
    padEnd(widthOf(text) <= each.width ? text : '', each.width);
  return [
    border([corners[0], corners[1]], tees.down, true),
    row((piece) => [
      piece.partition === null
        ? span(signs.free.repeat(piece.width), 'dim')
        : span(fitted(piece.partition.filesystem, piece), 'key'),
    ]),
    row((piece) => [
      piece.partition === null
        ? span(signs.free.repeat(piece.width), 'dim')
        : span(whole(bytesText(piece.sizeBytes, model), piece)),
    ]),
    row((piece) => usedCells(piece, signs)),
    border([corners[2], corners[3]], tees.up, false),
  ];
}

/** The used part of a partition, to scale as well. */
function usedCells(
  { partition, sizeBytes, width }: MapPiece,
  signs: { readonly free: string; readonly used: string },
): Line {
  if (partition === null) return [span(signs.free.repeat(width), 'dim')];
  const share =
    partition.usedBytes === null || sizeBytes === 0 ? 0 : partition.usedBytes / sizeBytes;
  const isSome = partition.usedBytes !== null && partition.usedBytes > 0;
  const cells = Math.min(width, Math.max(isSome ? 1 : 0, Math.round(share * width)));
  return [span(signs.used.repeat(cells), 'bar'), span(' '.repeat(width - cells))];
}

/** A table of what is in the partitions: the map has no room for all of it. */
export function partitionTableLines(
  map: DiskMap,
  titles: PartitionTitles,
  model: Pick<Model, 'language'>,
): Line[] {
  const rows = map.partitions.toSorted((one, other) => one.startBytes - other.startBytes);
  const cells = rows.map((each) => [
    String(each.number),
    each.filesystem === '' ? '-' : each.filesystem,
    each.label === '' ? '-' : each.label,
    bytesText(each.sizeBytes, model),
    each.usedBytes === null ? '-' : bytesText(each.usedBytes, model),
  ]);
  const heads = [titles.number, titles.filesystem, titles.label, titles.size, titles.used];
  const widths = heads.map((head, at) =>
    Math.min(24, Math.max(widthOf(head), ...cells.map((row) => widthOf(row[at] ?? '')))),
  );
  const lineOf = (row: readonly string[], style: 'dim' | 'plain'): Line =>
    line(
      span(
        `  ${row.map((cell, at) => padEnd(cut(cell, widths[at] ?? 0), widths[at] ?? 0)).join('  ')}`,
        style,
      ),
    );
  return [lineOf(heads, 'dim'), ...cells.map((row) => lineOf(row, 'plain'))];
}

export type PartitionTitles = {
  readonly number: string;
  readonly filesystem: string;
  readonly label: string;
  readonly size: string;
  readonly used: string;
};

function piecesOf({ sizeBytes, partitions }: DiskMap): Omit<MapPiece, 'width'>[] {
  const pieces: Omit<MapPiece, 'width'>[] = [];
  let end = 0;
  const free = (from: number, to: number): void => {
    if (to - from >= LEAST_FREE_BYTES) pieces.push({ partition: null, sizeBytes: to - from });
  };
  for (const partition of partitions.toSorted((one, other) => one.startBytes - other.startBytes)) {
    free(end, partition.startBytes);
    pieces.push({ partition, sizeBytes: partition.sizeBytes });
    end = Math.max(end, partition.startBytes + partition.sizeBytes);
  }
  free(end, sizeBytes);
  return pieces;
}

/** `cells` shared out in proportion to `sizes`, at least LEAST_WIDTH each: what is too small takes from the rest. */
function share(sizes: readonly number[], cells: number): number[] {
  const widths = sizes.map(() => LEAST_WIDTH);
  let open = sizes.map((_, index) => index);
  let free = cells;
  // A partition that would get less than the least gets the least; the others share what is left.
  for (;;) {
    const total = open.reduce((sum, index) => sum + (sizes[index] ?? 0), 0);
    const small = open.filter(
      (index) => total === 0 || ((sizes[index] ?? 0) / total) * free < LEAST_WIDTH,
    );
    if (small.length === 0 || small.length === open.length) break;
    open = open.filter((index) => !small.includes(index));
    free -= small.length * LEAST_WIDTH;
  }
  const total = open.reduce((sum, index) => sum + (sizes[index] ?? 0), 0);
  let left = free;
  let sizeLeft = total;
  for (const index of open) {
    const size = sizes[index] ?? 0;
    const width = sizeLeft === 0 ? LEAST_WIDTH : Math.round((size / sizeLeft) * left);
    widths[index] = Math.max(LEAST_WIDTH, width);
    left -= widths[index];
    sizeLeft -= size;
  }
  return widths;
}
