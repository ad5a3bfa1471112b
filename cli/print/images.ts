/** Images as people read them. */

import { printable } from '../../lib/format.ts';
import { render } from '../../lib/messages/render.ts';
import type { Image, ImagePartition, ImageVersion, Manifest } from '../../lib/model/image.ts';
import type { OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import type { Result } from '../../lib/protocol/contract.ts';
import { sectorsToBytes } from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import type { Texts } from '../text/catalogue.ts';
import { fields, indented, table } from './table.ts';
import { formatTime, orDash } from './labels.ts';

export type Verifications = Result<OperatorMethods, 'image.verify'>;

export function imageTable(texts: Texts, images: readonly Image[]): string[] {
  const { columns } = texts.images;
  return table(
    [
      { title: columns.image },
      { title: columns.captured },
      { title: columns.from },
      { title: columns.disk, align: 'right' },
      { title: columns.stored, align: 'right' },
      { title: columns.versions, align: 'right' },
    ],
    images.map((image) => {
      const [newest] = image.versions;
      return [
        image.name,
        newest === undefined ? '-' : formatTime(newest.capturedAt),
        newest === undefined ? '-' : newest.hostName,
        newest === undefined ? '-' : bytesText(newest.diskSizeBytes, texts),
        bytesText(
          image.versions.reduce((sum, version) => sum + version.storedBytes, 0),
          texts,
        ),
        String(image.versions.length),
      ];
    }),
  );
}

/** The image with its newest version in full. */
export function imageDetails(
  texts: Texts,
  image: Image,
  manifest: Manifest,
  directory: string,
): string[] {
  const t = texts.images;
  const { disk } = manifest;
  return [
    ...fields([
      [t.image, image.name],
      [t.id, image.id],
      ...(image.isProtected ? ([[t.protected, t.yes]] as const) : []),
      [t.captured, t.capturedText(formatTime(manifest.capturedAt), manifest.host.name)],
      [t.sourceDisk, t.sourceDiskText(orDash(disk.model), orDash(disk.serial), disk.address)],
      [t.diskSize, t.bytes(bytesText(disk.sizeBytes, texts), disk.sizeBytes)],
      [t.needs, t.bytes(bytesText(manifest.requiredBytes, texts), manifest.requiredBytes)],
      [t.sectors, t.sectorBytes(disk.logicalSectorBytes)],
      [t.partitionTable, manifest.partitionTable.type],
      [
        t.compression,
        orDash(manifest.compressionTool === '' ? manifest.compression : manifest.compressionTool),
      ],
      [t.directory, directory],
    ]),
    '',
    ...indented(partitionTable(texts, manifest)),
    '',
    ...warningLines(
      texts,
      image.versions.find(({ id }) => id === manifest.versionId),
    ),
    ...indented(versionTable(texts, image)),
  ];
}

/** What the capture of a version warned of. */
export function warningLines(texts: Texts, version: ImageVersion | undefined): string[] {
  const warnings = version?.warnings ?? [];
  if (warnings.length === 0) return [];
  return [
    texts.images.warned,
    ...warnings.map((each) => `  ${printable(render(texts.language, each))}`),
    '',
  ];
}

function partitionTable(texts: Texts, { partitions, gaps, disk }: Manifest): string[] {
  const { columns } = texts.images;
  const sizeOf = (sectors: number): string =>
    bytesText(sectorsToBytes(sectors, disk.logicalSectorBytes), texts);
  return table(
    [
      { title: columns.number, align: 'right' },
      { title: columns.size, align: 'right' },
      { title: columns.filesystem },
      { title: columns.label },
      { title: columns.stored, align: 'right' },
      { title: columns.file },
    ],
    [
      ...partitions.map((partition) => [
        String(partition.number),
        sizeOf(partition.sectorCount),
        orDash(partition.filesystem?.type ?? null),
        orDash(partition.filesystem?.label ?? null),
        ...storedCells(texts, partition),
      ]),
      ...gaps.map(({ sectorCount, stream }) => [
        '-',
        sizeOf(sectorCount),
        texts.images.gap,
        '-',
        bytesText(stream.sizeBytes, texts),
        stream.name,
      ]),
    ],
  );
}

function storedCells(texts: Texts, { content }: ImagePartition): [string, string] {
  switch (content.type) {
    case 'stream':
      return [bytesText(content.stream.sizeBytes, texts), content.stream.name];
    case 'swap':
      return ['-', content.header === undefined ? texts.images.newSwap : texts.images.swapHeader];
    case 'extended':
      return ['-', texts.images.extended];
    default:
      return unreachable(content);
  }
}

function versionTable(texts: Texts, image: Image): string[] {
  const { columns } = texts.images;
  return table(
    [
      { title: columns.version },
      { title: columns.captured },
      { title: columns.from },
      { title: columns.content, align: 'right' },
      { title: columns.stored, align: 'right' },
      { title: columns.compression },
    ],
    image.versions.map((version) => [
      version.id,
      formatTime(version.capturedAt),
      version.hostName,
      bytesText(version.rawBytes, texts),
      bytesText(version.storedBytes, texts),
      version.compression,
    ]),
  );
}

export function verificationLines(
  texts: Texts,
  name: string,
  verifications: Verifications,
): string[] {
  const { counts, images } = texts;
  return verifications.flatMap(({ versionId, filesChecked, bytesChecked, problems }) => [
    printable(
      images.verified(
        name,
        versionId,
        problems.length === 0 ? images.sound : counts.problems(problems.length),
        filesChecked,
        bytesText(bytesChecked, texts),
      ),
    ),
    ...problems.map(({ file, problem }) =>
      printable(`  ${file}: ${render(texts.language, problem)}`),
    ),
  ]);
}
