/** One image: the disk it was captured from, drawn to scale, and its versions. */

import { render } from '../../lib/messages/render.ts';
import { padEnd, padStart, widthOf } from '../../lib/columns.ts';
import type { Image } from '../../lib/model/image.ts';
import type { ImageId } from '../../lib/model/ids.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { formatTime } from '../presentation/time-format.ts';
import { wrap } from '../components/dialog.ts';
import {
  mapOfManifest,
  partitionMapLines,
  partitionTableLines,
} from '../presentation/partition-map.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { line, span, type Line } from '../picture.ts';
import { perform, reaction, type ScreenKind } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import { imageCommands } from './image-commands.ts';
import type { ImageDetails, ScreenStates } from '../screen-states.ts';

type ImageState = ScreenStates['image'];

export const IMAGE: ScreenKind<ImageState> = {
  title: ({ imageId }, model) =>
    `${textsOf(model.language).images.title}: ${imageOf(imageId, model)?.name ?? ''}`,
  commands: ({ imageId }, model) => imageCommands(imageOf(imageId, model), model),
  update: (state, event, model) => {
    const { imageId } = state;
    if (event.type === 'answered') {
      // Deleted, here or by somebody else.
      if (event.method === 'image.list' && !event.result.some(({ id }) => id === imageId)) {
        return perform({ type: 'pop' });
      }
      return event.method === 'image.show' && event.result.image.id === imageId
        ? reaction({ ...state, details: event.result })
        : perform();
    }
    const { body } = layoutOf(model);
    const { length } = linesFor(state, model, body.width);
    const first = scrollAfter(state.first, event, length, scrollRows(length, body));
    return first === null ? perform() : reaction({ ...state, first });
  },
  view: (state, model, area) =>
    scrollView(linesFor(state, model, area.width), state.first, model, area),
};

function imageOf(imageId: ImageId, { images }: Model): Image | null {
  return images.find(({ id }) => id === imageId) ?? null;
}

function linesFor({ imageId, details }: ImageState, model: Model, width: number): Line[] {
  const { images: texts, common } = textsOf(model.language);
  const image = imageOf(imageId, model);
  if (image === null) return [];
  const disk =
    details === null
      ? [line(span(`  ${image.versions.length === 0 ? texts.noVersion : common.reading}`, 'dim'))]
      : diskLines(details, model, width);
  return [
    ...(image.isProtected
      ? [line(span(` ${glyphsOf(model).kept} ${texts.protection}: ${texts.isProtected}`, 'good'))]
      : []),
    ...disk,
    ...warningLines(image, model, width),
    line(''),
    line(span(` ${texts.versionsTitle}`, 'strong')),
    ...versionLines(image, model),
  ];
}

/** What the captures of its versions warned of, newest first: it is missing in a clone, or is there in another way. */
function warningLines({ versions }: Image, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).images;
  return versions.flatMap(({ warnings = [], capturedAt }) =>
    warnings.length === 0
      ? []
      : [
          line(''),
          line(span(` ${texts.captureWarned(formatTime(capturedAt))}`, 'strong')),
          ...warnings.flatMap((each) =>
            wrap(render(model.language, each), width - 4).map((text, index) =>
              line(span(` ${index === 0 ? glyphsOf(model).failed : ' '} ${text}`, 'warn')),
            ),
          ),
        ],
  );
}

function diskLines({ manifest, directory }: ImageDetails, model: Model, width: number): Line[] {
  const { images: texts } = textsOf(model.language);
  const { compressionNames } = textsOf(model.language).capture;
  const map = mapOfManifest(manifest);
  const { disk, partitions, gaps } = manifest;
  const streams = [
    ...partitions.flatMap(({ content }) => (content.type === 'stream' ? [content.stream] : [])),
    ...gaps.map(({ stream }) => stream),
  ];
  const sum = (sizes: readonly number[]): string =>
    bytesText(
      sizes.reduce((total, size) => total + size, 0),
      model,
    );
  const raw = sum(streams.map(({ rawBytes }) => rawBytes));
  const stored = sum(streams.map(({ sizeBytes }) => sizeBytes));
  const facts: readonly [string, string][] = [
    [
      texts.disk,
      texts.diskText(
        disk.model === '' ? disk.address : disk.model,
        bytesText(disk.sizeBytes, model),
        manifest.partitionTable.type === 'gpt' ? 'GPT' : 'MBR',
      ),
    ],
    [texts.from, `${manifest.host.name}, ${formatTime(manifest.capturedAt)}`],
    [texts.fits, bytesText(manifest.requiredBytes, model)],
    [texts.compression, `${compressionNames[manifest.compression]}: ${texts.ratio(raw, stored)}`],
    [texts.path, directory],
  ];
  const nameWidth = Math.max(...facts.map(([name]) => widthOf(name)));
  return [
    ...facts.flatMap(([name, text]) =>
      wrap(text, width - nameWidth - 4).map((part, index) =>
        line(span(` ${padEnd(index === 0 ? name : '', nameWidth)}  `, 'dim'), part),
      ),
    ),
    line(''),
    line(span(` ${texts.map}`, 'strong')),
    ...partitionMapLines(map, width - 2, model).map((each) => [span(' '), ...each]),
    ...partitionTableLines(map, texts.partition, model),
  ];
}

function versionLines(image: Image, model: Model): Line[] {
  const { images: texts, capture } = textsOf(model.language);
  const { compressionNames } = capture;
  const rows = image.versions.map((version) => [
    formatTime(version.capturedAt),
    version.hostName,
    bytesText(version.rawBytes, model),
    bytesText(version.storedBytes, model),
    compressionNames[version.compression],
    version.id,
  ]);
  const heads = [texts.captured, texts.source, texts.content, texts.stored, '', texts.version];
  const widths = heads.map((head, at) =>
    Math.max(widthOf(head), ...rows.map((row) => widthOf(row[at] ?? ''))),
  );
  const lineOf = (row: readonly string[], style: 'dim' | 'plain'): Line => {
    const cells = row.map((cell, at) =>
      at === 2 || at === 3 ? padStart(cell, widths[at] ?? 0) : padEnd(cell, widths[at] ?? 0),
    );
    return line(span(`  ${cells.join('  ')}`, style));
  };
  return [lineOf(heads, 'dim'), ...rows.map((row) => lineOf(row, 'plain'))];
}
