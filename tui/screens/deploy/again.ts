/** Deploying once more to the hosts of a task that it did not succeed on. */

import type { HostId } from '../../../lib/model/ids.ts';
import type { Image } from '../../../lib/model/image.ts';
import { isEnded, isSuccess, type Task } from '../../../lib/model/task.ts';
import type { Model } from '../../model.ts';
import { hostsOf } from '../../presentation/hosts/chosen-hosts.ts';
import { refusalForTargets } from '../../presentation/hosts/host-work.ts';
import { perform, type Command } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { refusalForDeploy } from '../../presentation/images/image-uses.ts';
import { openDeploy } from '../open.ts';
import type { DisabledReason } from '../../disabled-reason.ts';

/** Opens the wizard at the disk, with the task's image and all its hosts that failed, were cancelled or cut off. */
export function deployAgainCommand(task: Task | null, model: Model): Command {
  const texts = textsOf(model.language).tasks;
  const image = task === null ? undefined : imageOfTask(task, model);
  const hostIds = task === null ? [] : hostsLeft(task, model);
  return {
    name: 'deploy-again',
    keys: ['d'],
    label: texts.deployAgain,
    help: texts.deployAgainHelp,
    disabledReason: task === null ? texts.gone : refusalForDeployAgain(task, image, hostIds, model),
    run: () => perform(...(image === undefined ? [] : openDeploy({ imageId: image.id, hostIds }))),
  };
}

function refusalForDeployAgain(
  task: Task,
  image: Image | undefined,
  hostIds: readonly HostId[],
  model: Model,
): DisabledReason | null {
  const { tasks: texts, deploy } = textsOf(model.language);
  if (!task.operations.some(({ type }) => type === 'deploy')) return texts.deployedNothing;
  if (failedHosts(task).length === 0) return texts.noneFailed;
  if (image === undefined) return deploy.imageGone;
  if (hostIds.length === 0) return texts.hostsGone;
  return refusalForDeploy(image) ?? refusalForTargets(hostsOf(hostIds, model));
}

function imageOfTask({ operations }: Task, { images }: Model): Image | undefined {
  const deploy = operations.find((operation) => operation.type === 'deploy');
  return images.find(({ id }) => id === deploy?.imageId);
}

function failedHosts({ runs }: Task): HostId[] {
  return runs
    .filter(({ state }) => isEnded(state) && !isSuccess(state))
    .map(({ hostId }) => hostId);
}

/** Those of them that have not been deleted meanwhile. */
function hostsLeft(task: Task, model: Model): HostId[] {
  return hostsOf(failedHosts(task), model).map(({ id }) => id);
}
