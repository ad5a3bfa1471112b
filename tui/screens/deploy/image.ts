/** Deploying, first step: which image. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import type { HostId, ImageId } from '../../../lib/model/ids.ts';
import type { Image } from '../../../lib/model/image.ts';
import type { Model } from '../../model.ts';
import { listScreen } from '../../components/list-screen.ts';
import { formatTime } from '../../presentation/time-format.ts';
import { TOP, type Selection } from '../../components/selection.ts';
import { widthFor, type Column } from '../../components/table-view.ts';
import { line } from '../../picture.ts';
import { stay, type Action, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { deployDiskScreen } from './disk.ts';
import { deployTargetsScreen } from './targets.ts';

type Known = { readonly imageId?: ImageId; readonly hostIds?: readonly HostId[] };

/** The wizard, at the first step that `known` leaves open. */
export function openDeploy(_: Model, known: Known = {}): readonly Action[] {
  const { imageId, hostIds = null } = known;
  return [
    {
      type: 'push',
      screen: imageId === undefined ? deployImageScreen(hostIds) : nextScreen(imageId, hostIds),
    },
  ];
}

/** Why `image` cannot be deployed; null when it can. */
export function whyNotDeploy({ versions }: Pick<Image, 'versions'>): string | null {
  return refusalFor('image.deploy', { versions: versions.length });
}

/** `hostIds` are the hosts that were chosen before; null: none. */
export function deployImageScreen(
  hostIds: readonly HostId[] | null,
  place: Selection = TOP,
): Screen {
  return listScreen<Image>({
    name: 'deploy-image',
    title: (model) => textsOf(model.language).deploy.imageTitle,
    place,
    at: (next) => deployImageScreen(hostIds, next),
    rows: (model) => model.images,
    keyOf: ({ id }) => id,
    columns,
    head: (_, model) => {
      const texts = textsOf(model.language).deploy;
      return line(` ${hostIds === null ? texts.imageHead : texts.imageHeadFor(hostIds.length)}`);
    },
    empty: (model) => {
      const { common, images } = textsOf(model.language);
      return model.status === null ? [common.connecting] : [images.empty, images.emptyHint];
    },
    commands: (image, model, screen) => {
      const { deploy: texts, images } = textsOf(model.language);
      return [
        {
          name: 'next',
          keys: ['enter', 'space'],
          label: texts.next,
          help: texts.imageHelp,
          whyNot: image === null ? images.empty : whyNotDeploy(image),
          run: () =>
            stay(
              screen,
              ...(image === null
                ? []
                : [{ type: 'push' as const, screen: nextScreen(image.id, hostIds) }]),
            ),
        },
      ];
    },
  });
}

function nextScreen(imageId: ImageId, hostIds: readonly HostId[] | null): Screen {
  return hostIds === null ? deployTargetsScreen(imageId) : deployDiskScreen({ imageId, hostIds });
}

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
