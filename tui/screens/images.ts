/** The list of images. */

import type { Image } from '../../lib/model/image.ts';
import type { Model } from '../model.ts';
import { tasksInOrder } from '../presentation/images/image-uses.ts';
import { unfinishedUses } from '../../lib/rules/image-uses.ts';
import { listScreen } from '../components/list-screen.ts';
import { formatTime } from '../presentation/time-format.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { line, span } from '../picture.ts';
import { perform, type Command } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import { imageCommands, storedBytes } from './image-commands.ts';
import { openImage } from './open.ts';
import type { ScreenStates } from '../screen-states.ts';

export const IMAGES = listScreen<Image, ScreenStates['images']>({
  list: 'images',
  title: (_, model) => textsOf(model.language).images.title,
  rows: (model) => model.images,
  keyOf: ({ id }) => id,
  columns,
  head: (rows, model) => {
    const stored = rows.reduce((sum, image) => sum + storedBytes(image), 0);
    const free = model.status?.server.imageStore.freeBytes ?? 0;
    const texts = textsOf(model.language).images;
    const kept = rows.filter(({ isProtected }) => isProtected).length;
    return line(
      ` ${texts.count(rows.length, bytesText(stored, model), bytesText(free, model))}`,
      span(kept === 0 ? '' : `   ${glyphsOf(model).kept} ${texts.protectedCount(kept)}`, 'good'),
    );
  },
  empty: (model) => {
    const { empty, emptyHint } = textsOf(model.language).images;
    return [empty, emptyHint];
  },
  commands: (image, model) => {
    const { images: texts, common } = textsOf(model.language);
    const open: Command = {
      name: 'open',
      keys: ['enter'],
      label: common.open,
      help: texts.detailsHelp,
      disabledReason: image === null ? texts.empty : null,
      run: () => perform(...(image === null ? [] : openImage(image, model))),
    };
    return [open, ...imageCommands(image, model)];
  },
});

function columns(rows: readonly Image[], model: Model, width: number): Column<Image>[] {
  const { images: texts, common } = textsOf(model.language);
  const tasks = tasksInOrder(model);
  const newest = (image: Image, text: (version: Image['versions'][0]) => string): string => {
    const [version] = image.versions;
    return version === undefined ? common.none : text(version);
  };
  const isWide = width >= 110;
  const wide: Column<Image>[] = [
    {
      title: texts.needs,
      width: 10,
      align: 'right',
      cell: (image) => newest(image, ({ requiredBytes }) => bytesText(requiredBytes, model)),
    },
    {
      title: texts.used,
      width: 'rest',
      cell: (image) => texts.usedBy(unfinishedUses(tasks, image, model.now).length),
    },
  ];
  return [
    {
      title: '',
      width: 1,
      cell: ({ isProtected }) => span(isProtected ? glyphsOf(model).kept : ' ', 'good'),
    },
    {
      title: texts.name,
      width: isWide
        ? widthFor(
            rows.map(({ name }) => name),
            12,
            64,
          )
        : 'rest',
      cell: ({ name }) => name,
    },
    {
      title: texts.content,
      width: 8,
      align: 'right',
      cell: (image) => newest(image, ({ rawBytes }) => bytesText(rawBytes, model)),
    },
    {
      title: texts.versions,
      width: 9,
      align: 'right',
      cell: (image) => String(image.versions.length),
    },
    {
      title: texts.captured,
      width: 16,
      cell: (image) => newest(image, ({ capturedAt }) => formatTime(capturedAt)),
    },
    {
      title: texts.source,
      width: widthFor(
        rows.flatMap(({ versions }) => versions.slice(0, 1).map(({ hostName }) => hostName)),
        6,
        isWide ? 24 : 14,
      ),
      cell: (image) => newest(image, ({ hostName }) => hostName),
    },
    ...(isWide ? wide : []),
  ];
}
