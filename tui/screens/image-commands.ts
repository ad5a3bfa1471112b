/** What can be done to an image, in the list and on its page. */

import type { Image } from '../../lib/model/image.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import { deletionFacts, usesImage } from '../../lib/rules/image-uses.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import { confirm, followUp, notice, push, request } from '../actions.ts';
import { textForm } from '../components/form-dialog.ts';
import type { DisabledReason } from '../disabled-reason.ts';
import type { Model } from '../model.ts';
import { tasksInOrder, refusalForDeploy } from '../presentation/images/image-uses.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import { formatTime } from '../presentation/time-format.ts';
import { perform, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { openDeploy } from './open.ts';
import type { Action } from '../screen-states.ts';

export function imageCommands(image: Image | null, model: Model): Command[] {
  const texts = textsOf(model.language).images;
  const none = image === null ? texts.empty : null;
  const { deploy } = textsOf(model.language);
  return [
    {
      name: 'deploy',
      keys: ['d'],
      label: deploy.deploy,
      help: deploy.deployImageHelp,
      disabledReason: none ?? (image === null ? null : refusalForDeploy(image)),
      run: () => perform(...(image === null ? [] : openDeploy({ imageId: image.id }))),
    },
    {
      name: 'rename',
      keys: ['e'],
      label: texts.rename,
      help: texts.renameHelp,
      disabledReason: none,
      run: () => perform(...(image === null ? [] : [renameImage(image, model)])),
    },
    {
      name: 'verify',
      keys: ['v'],
      label: texts.verify,
      help: texts.verifyHelp,
      disabledReason: none ?? (image === null ? null : refusalForVerify(image, model)),
      run: () => perform(...(image === null ? [] : [verifyRequest(image, model)])),
    },
    {
      name: 'protect',
      keys: ['p'],
      label: image?.isProtected === true ? texts.unprotect : texts.protect,
      help: texts.protectHelp,
      disabledReason: none,
      run: () => perform(...(image === null ? [] : [protectRequest(image, model)])),
    },
    {
      name: 'delete',
      keys: ['x', 'delete'],
      label: texts.remove,
      help: texts.removeHelp,
      disabledReason: none ?? (image === null ? null : refusalForDelete(image, model)),
      run: () => perform(...(image === null ? [] : [deleteDialog(image, model)])),
    },
  ];
}

function renameImage({ id, name }: Image, { language }: Model): Action {
  const form = textForm(textsOf(language).images.newName, name);
  return push('image-rename', { imageId: id, name, form });
}

function protectRequest({ id, name, isProtected: was }: Image, { language }: Model): Action {
  const texts = textsOf(language).images;
  return request(texts.protecting(name), 'image.protect', { image: id, isProtected: !was }, [
    notice(was ? texts.openNow(name) : texts.protectedNow(name)),
  ]);
}

function refusalForVerify(image: Image, { pending, language }: Model): DisabledReason | null {
  const texts = textsOf(language).images;
  if (image.versions.length === 0) return texts.noVersion;
  const isVerified = pending.some(
    ({ method, params }) => method === 'image.verify' && params.image === image.id,
  );
  return isVerified ? texts.isVerified : null;
}

function verifyRequest({ id, name }: Image, { language }: Model): Action {
  const params = { image: id, allVersions: true };
  const then = followUp('image-verified', { name });
  return request(textsOf(language).images.verifying(name), 'image.verify', params, then);
}

function refusalForDelete(image: Image, model: Model): DisabledReason | null {
  return refusalFor('image.delete', deletionFacts(image, tasksInOrder(model), model.now));
}

function deleteDialog(image: Image, model: Model): Action {
  const texts = textsOf(model.language).images;
  const last = model.status?.tasks.find((task) => usesImage(task, image));
  return confirm(
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
      request(texts.removing(image.name), 'image.delete', { image: image.id }, [
        notice(texts.removed(image.name)),
      ]),
    ],
  );
}

export function storedBytes({ versions }: Pick<Image, 'versions'>): number {
  return versions.reduce((sum, version) => sum + version.storedBytes, 0);
}
