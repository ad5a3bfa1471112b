/** Deploying, first step: which image. */

import type { Image } from '../../../lib/model/image.ts';
import type { Model } from '../../model.ts';
import { listScreen } from '../../components/list-screen.ts';
import { formatTime } from '../../presentation/time-format.ts';
import { widthFor, type Column } from '../../components/table-view.ts';
import { line } from '../../picture.ts';
import { perform } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { refusalForDeploy } from '../../presentation/images/image-uses.ts';
import { openDeploy } from '../open.ts';
import type { ScreenStates } from '../../screen-states.ts';

export const DEPLOY_IMAGE = listScreen<Image, ScreenStates['deploy-image']>({
  list: 'deploy-image',
  title: (_, model) => textsOf(model.language).deploy.imageTitle,
  rows: (model) => model.images,
  keyOf: ({ id }) => id,
  columns,
  head: (_, model, { hostIds }) => {
    const texts = textsOf(model.language).deploy;
    return line(` ${hostIds === null ? texts.imageHead : texts.imageHeadFor(hostIds.length)}`);
  },
  empty: (model) => {
    const { common, images } = textsOf(model.language);
    return model.status === null ? [common.connecting] : [images.empty, images.emptyHint];
  },
  commands: (image, model, { hostIds }) => {
    const { deploy: texts, images } = textsOf(model.language);
    const known = hostIds === null ? {} : { hostIds };
    return [
      {
        name: 'next',
        keys: ['enter', 'space'],
        label: texts.next,
        help: texts.imageHelp,
        disabledReason: image === null ? images.empty : refusalForDeploy(image),
        run: () => perform(...(image === null ? [] : openDeploy({ ...known, imageId: image.id }))),
      },
    ];
  },
});

function columns(rows: readonly Image[], model: Model, width: number): Column<Image>[] {
  const texts = textsOf(model.language).images;
  const names = rows.map(({ name }) => name);
  const newest = (textOf: (version: Image['versions'][number]) => string) => {
    return ({ versions: [version] }: Image): string =>
      version === undefined ? '-' : textOf(version);
  };
  return [
    {
      title: texts.name,
      width: widthFor(names, 8, width >= 110 ? 50 : 28),
      cell: ({ name }) => name,
    },
    {
      title: texts.content,
      width: 8,
      align: 'right',
      cell: newest(({ rawBytes }) => bytesText(rawBytes, model)),
    },
    {
      title: texts.needs,
      width: 10,
      align: 'right',
      cell: newest(({ requiredBytes }) => bytesText(requiredBytes, model)),
    },
    { title: texts.captured, width: 16, cell: newest(({ capturedAt }) => formatTime(capturedAt)) },
    { title: texts.source, width: 'rest', cell: newest(({ hostName }) => hostName) },
  ];
}
