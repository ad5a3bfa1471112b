/** Images as people read them. */

import { formatBytes, printable } from '../../lib/format.ts';
import type { Image, ImagePartition, ImageVersion, Manifest } from '../../lib/model/image.ts';
import type { OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import type { Result } from '../../lib/protocol/contract.ts';
import { sectorsToBytes } from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { fields, indented, table } from './table.ts';
import { countOf, formatTime, orDash } from './words.ts';

export type Verifications = Result<OperatorMethods, 'image.verify'>;

export function imageTable(images: readonly Image[]): string[] {
  return table(
    [
      { title: 'IMAGE' },
      { title: 'CAPTURED' },
      { title: 'FROM' },
      { title: 'DISK', align: 'right' },
      { title: 'STORED', align: 'right' },
      { title: 'VERSIONS', align: 'right' },
    ],
    images.map((image) => {
      const [newest] = image.versions;
      return [
        image.name,
        newest === undefined ? '-' : formatTime(newest.capturedAt),
        newest === undefined ? '-' : newest.hostName,
        newest === undefined ? '-' : formatBytes(newest.diskSizeBytes),
        formatBytes(image.versions.reduce((sum, version) => sum + version.storedBytes, 0)),
        String(image.versions.length),
      ];
    }),
  );
}

/** The image with its newest version in full. */
export function imageDetails(image: Image, manifest: Manifest, directory: string): string[] {
  const { disk } = manifest;
  return [
    ...fields([
      ['Image', image.name],
      ['Id', image.id],
      ...(image.isProtected ? ([['Protected', 'yes']] as const) : []),
      ['Captured', `${formatTime(manifest.capturedAt)} from ${manifest.host.name}`],
      ['Source disk', `${orDash(disk.model)}, serial ${orDash(disk.serial)}, ${disk.address}`],
      ['Disk size', `${formatBytes(disk.sizeBytes)} (${disk.sizeBytes} bytes)`],
      ['Needs', `${formatBytes(manifest.requiredBytes)} (${manifest.requiredBytes} bytes)`],
      ['Sectors', `${disk.logicalSectorBytes} bytes`],
      ['Partition table', manifest.partitionTable.type],
      [
        'Compression',
        orDash(manifest.compressionTool === '' ? manifest.compression : manifest.compressionTool),
      ],
      ['Directory', directory],
    ]),
    '',
    ...indented(partitionTable(manifest)),
    '',
    ...warningLines(image.versions.find(({ id }) => id === manifest.versionId)),
    ...indented(versionTable(image)),
  ];
}

/** What the capture of a version warned of. */
export function warningLines(version: ImageVersion | undefined): string[] {
  const warnings = version?.warnings ?? [];
  if (warnings.length === 0) return [];
  return ['Its capture warned:', ...warnings.map((each) => `  ${printable(each)}`), ''];
}

function partitionTable({ partitions, gaps, disk }: Manifest): string[] {
  const sizeOf = (sectors: number): string =>
    formatBytes(sectorsToBytes(sectors, disk.logicalSectorBytes));
  return table(
    [
      { title: 'NO', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'FILESYSTEM' },
      { title: 'LABEL' },
      { title: 'STORED', align: 'right' },
      { title: 'FILE' },
    ],
    [
      ...partitions.map((partition) => [
        String(partition.number),
        sizeOf(partition.sectorCount),
        orDash(partition.filesystem?.type ?? null),
        orDash(partition.filesystem?.label ?? null),
        ...storedCells(partition),
      ]),
      ...gaps.map(({ sectorCount, stream }) => [
        '-',
        sizeOf(sectorCount),
        'gap',
        '-',
        formatBytes(stream.sizeBytes),
        stream.name,
      ]),
    ],
  );
}

function storedCells({ content }: ImagePartition): [string, string] {
  switch (content.type) {
    case 'stream':
      return [formatBytes(content.stream.sizeBytes), content.stream.name];
    case 'swap':
      return ['-', content.header === undefined ? 'made anew with its UUID' : 'its header'];
    case 'extended':
      return ['-', 'holds the logical partitions'];
    default:
      return unreachable(content);
  }
}

function versionTable(image: Image): string[] {
  return table(
    [
      { title: 'VERSION' },
      { title: 'CAPTURED' },
      { title: 'FROM' },
      { title: 'CONTENT', align: 'right' },
      { title: 'STORED', align: 'right' },
      { title: 'COMPRESSION' },
    ],
    image.versions.map((version) => [
      version.id,
      formatTime(version.capturedAt),
      version.hostName,
      formatBytes(version.rawBytes),
      formatBytes(version.storedBytes),
      version.compression,
    ]),
  );
}

export function verificationLines(name: string, verifications: Verifications): string[] {
  return verifications.flatMap(({ versionId, filesChecked, bytesChecked, problems }) => [
    printable(
      `${name}, ${versionId}: ${
        problems.length === 0 ? 'sound' : countOf(problems.length, 'problem')
      } (${countOf(filesChecked, 'file')}, ${formatBytes(bytesChecked)} read)`,
    ),
    ...problems.map(({ file, problem }) => printable(`  ${file}: ${problem}`)),
  ]);
}
