/** The image list: rename, verify, delete, and the way to the details. */

import { refusalFor } from '../../lib/rules/capability.ts';
import type { Image } from '../../lib/model/image.ts';
import { Name } from '../../lib/model/names.ts';
import type { Verification } from '../../lib/model/image.ts';
import type { Model } from '../model.ts';
import { confirmDialog } from '../components/confirm-dialog.ts';
import { textDialog } from '../components/form-dialog.ts';
import { deletionFacts, unfinishedUses, usesImage } from '../../lib/rules/image-uses.ts';
import { tasksInOrder } from '../presentation/images/image-uses.ts';
import { listScreen } from '../components/list-screen.ts';
import { messageDialog } from '../components/message-dialog.ts';
import { formatTime } from '../presentation/time-format.ts';
import { TOP, type Selection } from '../components/selection.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import { checkWith } from '../components/text-checks.ts';
import { line, span } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { findingIn } from '../text/findings.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import { openDeploy, whyNotDeploy } from './deploy/image.ts';
import { imageScreen } from './image.ts';

export function imagesScreen(place: Selection = TOP): Screen {
  return listScreen<Image>({
    name: 'images',
    title: (model) => textsOf(model.language).images.title,
    place,
    at: imagesScreen,
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
    commands: (image, model, screen) => {
      const { images: texts, common } = textsOf(model.language);
      const open: Command = {
        name: 'open',
        keys: ['enter'],
        label: common.open,
        help: texts.detailsHelp,
        whyNot: image === null ? texts.empty : null,
        run: () => stay(screen, ...(image === null ? [] : openImage(image, model))),
      };
      return [open, ...imageCommands(image, model, screen)];
    },
  });
}

/** What can be done to an image, in the list and in its details. */
export function imageCommands(image: Image | null, model: Model, screen: Screen): Command[] {
  const texts = textsOf(model.language).images;
  const none = image === null ? texts.empty : null;
  const { deploy } = textsOf(model.language);
  return [
    {
      name: 'deploy',
      keys: ['d'],
      label: deploy.deploy,
      help: deploy.deployImageHelp,
      whyNot: none ?? (image === null ? null : whyNotDeploy(image)),
      run: () => stay(screen, ...(image === null ? [] : openDeploy(model, { imageId: image.id }))),
    },
    {
      name: 'rename',
      keys: ['e'],
      label: texts.rename,
      help: texts.renameHelp,
      whyNot: none,
      run: () => stay(screen, ...(image === null ? [] : [renameDialog(image, model)])),
    },
    {
      name: 'verify',
      keys: ['v'],
      label: texts.verify,
      help: texts.verifyHelp,
      whyNot: none ?? (image === null ? null : whyNotVerify(image, model)),
      run: () => stay(screen, ...(image === null ? [] : [verifyRequest(image, model)])),
    },
    {
      name: 'protect',
      keys: ['p'],
      label: image?.isProtected === true ? texts.unprotect : texts.protect,
      help: texts.protectHelp,
      whyNot: none,
      run: () => stay(screen, ...(image === null ? [] : [protectRequest(image, model)])),
    },
    {
      name: 'delete',
      keys: ['x', 'delete'],
      label: texts.remove,
      help: texts.removeHelp,
      whyNot: none ?? (image === null ? null : whyNotDelete(image, model)),
      run: () => stay(screen, ...(image === null ? [] : [deleteDialog(image, model)])),
    },
  ];
}

/** Details of `image`, which are read at the same time. */
export function openImage(image: Image, { language }: Model): readonly Action[] {
  const { reading } = textsOf(language).images;
  return [
    { type: 'push', screen: imageScreen(image.id, imageCommands) },
    request(reading(image.name), 'image.show', { image: image.id }),
  ];
}

function renameDialog(image: Image, model: Model): Action {
  const texts = textsOf(model.language).images;
  const others = model.images.filter(({ id }) => id !== image.id);
  const dialog = textDialog({
    name: 'image-rename',
    title: texts.renameTitle(image.name),
    label: texts.rename,
    prompt: texts.newName,
    text: image.name,
    check: (text) =>
      checkWith(Name, text) ??
      (others.some(({ name }) => name.toLowerCase() === text.toLowerCase())
        ? texts.nameTaken
        : null),
    submit: (name) => [
      request(texts.renaming(image.name), 'image.rename', { image: image.id, name }, () => [
        { type: 'notice', text: texts.renamed(name), isBad: false },
      ]),
    ],
  });
  return { type: 'push', screen: dialog };
}

function protectRequest(image: Image, model: Model): Action {
  const texts = textsOf(model.language).images;
  const isProtected = !image.isProtected;
  return request(
    texts.protecting(image.name),
    'image.protect',
    { image: image.id, isProtected },
    () => [
      {
        type: 'notice',
        text: isProtected ? texts.protectedNow(image.name) : texts.openNow(image.name),
        isBad: false,
      },
    ],
  );
}

function whyNotVerify(image: Image, model: Model): string | null {
  const texts = textsOf(model.language).images;
  if (image.versions.length === 0) return texts.noVersion;
  const title = texts.verifying(image.name);
  return model.underWay.some((each) => each.title === title) ? texts.isVerified : null;
}

function verifyRequest(image: Image, model: Model): Action {
  const texts = textsOf(model.language).images;
  return request(
    texts.verifying(image.name),
    'image.verify',
    { image: image.id, allVersions: true },
    (results) => [{ type: 'push', screen: verificationDialog(image, results, model) }],
  );
}

function verificationDialog(image: Image, results: readonly Verification[], model: Model): Screen {
  const texts = textsOf(model.language).images;
  const problems = results.flatMap(({ versionId, problems: found }) =>
    found.map(({ file, problem }) => `${versionId} ${file}: ${findingIn(model.language, problem)}`),
  );
  const files = results.reduce((sum, { filesChecked }) => sum + filesChecked, 0);
  const bytes = results.reduce((sum, { bytesChecked }) => sum + bytesChecked, 0);
  return problems.length === 0
    ? messageDialog(
        texts.verifyTitle(image.name),
        [texts.sound(results.length, files, bytesText(bytes, model))],
        'good',
      )
    : messageDialog(
        texts.verifyTitle(image.name),
        [texts.unsound(problems.length), '', ...problems, '', texts.unsoundHint],
        'bad',
      );
}

function whyNotDelete(image: Image, model: Model): string | null {
  return refusalFor('image.delete', deletionFacts(image, tasksInOrder(model), model.now));
}

function deleteDialog(image: Image, model: Model): Action {
  const texts = textsOf(model.language).images;
  const last = model.status?.tasks.find((task) => usesImage(task, image));
  const dialog = confirmDialog(
    texts.removeTitle(image.name),
    [
      texts.loses(image.name, image.versions.length, bytesText(storedBytes(image), model)),
      '',
      last === undefined
        ? texts.neverUsed
        : texts.lastUse(taskTitle(last, model), formatTime(last.createdAt)),
    ],
    texts.remove,
    [
      request(texts.removing(image.name), 'image.delete', { image: image.id }, () => [
        { type: 'notice', text: texts.removed(image.name), isBad: false },
      ]),
    ],
  );
  return { type: 'push', screen: dialog };
}

function storedBytes({ versions }: Image): number {
  return versions.reduce((sum, version) => sum + version.storedBytes, 0);
}

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
