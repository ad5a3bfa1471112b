/** Finding what operators name: hosts by name, id, MAC or address; groups and images by name or id. */

import { OperatorError } from '../lib/errors.ts';
import { render } from '../lib/messages/render.ts';
import type { Group } from '../lib/model/group.ts';
import type { Host } from '../lib/model/host.ts';
import type { Image, ImageVersion } from '../lib/model/image.ts';
import type { HostId, ImageId, RunId, TaskId, VersionId } from '../lib/model/ids.ts';
import type { Job } from '../lib/model/job.ts';
import type { Message } from '../lib/model/message.ts';
import type { Run, Task } from '../lib/model/task.ts';
import { refusalFor } from '../lib/rules/capability.ts';
import { isSameName } from '../lib/rules/same-name.ts';
import { groupNamed, groupsByName, hostsByName, hostsNamed } from '../lib/rules/targets.ts';

/** Throws `not-found`, or `bad-argument` when two hosts have that name. */
export function findHost(hosts: readonly Host[], reference: string): Host {
  return theOnly(hostsNamed(hosts, reference), reference);
}

/** findHost for many references, while names and addresses stay as they are. */
export function hostFinder(hosts: readonly Host[]): (reference: string) => Host {
  const named = hostsByName(hosts);
  return (reference) => theOnly(named(reference), reference);
}

function theOnly(found: readonly Host[], reference: string): Host {
  const [host] = found;
  if (host === undefined) throw notFound('host', reference, 'openclone host list');
  if (found.length > 1) throw ambiguousHost(reference, found);
  return host;
}

/** Of a reference that several hosts have. */
export function ambiguousHost(reference: string, hosts: readonly Host[]): OperatorError {
  return new OperatorError({
    code: 'bad-argument',
    message: `finding the host "${reference}": ${hosts.length} hosts answer to it`,
    hint: `Name it by its MAC address: ${hosts.map(({ mac }) => mac).join(', ')}.`,
  });
}

export function findGroup(groups: readonly Group[], reference: string): Group {
  return thatGroup(groupNamed(groups, reference), reference);
}

/** findGroup for many references. */
export function groupFinder(groups: readonly Group[]): (reference: string) => Group {
  const named = groupsByName(groups);
  return (reference) => thatGroup(named(reference), reference);
}

function thatGroup(found: Group | undefined, reference: string): Group {
  if (found === undefined) throw notFound('group', reference, 'openclone group list');
  return found;
}

export function findImage(images: readonly Image[], reference: string): Image {
  const found = images.find((image) => image.id === reference || isSameName(image.name, reference));
  if (found === undefined) throw notFound('image', reference, 'openclone image list');
  return found;
}

/** Its name; its id when it is gone. */
export function imageNameOf(
  { images }: { readonly images: readonly Image[] },
  id: ImageId,
): string {
  return images.find((image) => image.id === id)?.name ?? id;
}

/** The version `id`, or the newest one. Throws `not-allowed` when the image has none, `not-found` when it has not that one. */
export function versionOf(image: Image, id: VersionId | undefined, doing: string): ImageVersion {
  const version =
    id === undefined ? image.versions[0] : image.versions.find((each) => each.id === id);
  if (id !== undefined && version === undefined) {
    throw notFound('version', `${id} of ${image.name}`, `openclone image show "${image.name}"`);
  }
  refuseIf(
    refusalFor('image.deploy', { versions: image.versions.length }),
    `${doing} the image "${image.name}"`,
  );
  if (version === undefined) throw new TypeError('an image with versions has a first one');
  return version;
}

export function findJob(jobs: readonly Job[], reference: string): Job {
  const found = jobs.find((job) => job.id === reference || isSameName(job.name, reference));
  if (found === undefined) throw notFound('job', reference, 'openclone job list');
  return found;
}

export function findTask(tasks: readonly Task[], id: TaskId): Task {
  const found = tasks.find((task) => task.id === id);
  if (found === undefined) throw notFound('task', id, 'openclone task list');
  return found;
}

/** The run and its task, or undefined. */
export function findRun(
  tasks: readonly Task[],
  runId: RunId,
): { readonly task: Task; readonly run: Run } | undefined {
  for (const task of tasks) {
    const run = task.runs.find((candidate) => candidate.id === runId);
    if (run !== undefined) return { task, run };
  }
  return undefined;
}

/** Throws `name-taken` when another thing of the kind has the name. */
export function refuseTakenName(
  kind: 'host' | 'group' | 'image' | 'job',
  others: readonly { readonly name: string }[],
  name: string,
): void {
  if (!others.some((other) => isSameName(other.name, name))) return;
  throw new OperatorError({
    code: 'name-taken',
    message: `naming a ${kind} "${name}": another ${kind} has that name`,
    hint: 'Choose another name; capitals make no difference.',
  });
}

/** Throws `not-allowed` when there is a reason why not, as the capability table gives it. */
export function refuseIf(
  reason: Message | null,
  doing: string,
  hint = 'See `openclone status` and `openclone task list`.',
): void {
  if (reason === null) return;
  throw new OperatorError({
    code: 'not-allowed',
    message: `${doing}: ${render('en', reason)}`,
    hint,
    reason,
  });
}

function notFound(kind: string, reference: string, command: string): OperatorError {
  return new OperatorError({
    code: 'not-found',
    message: `finding the ${kind} "${reference}": there is none`,
    hint: `\`${command}\` shows what there is.`,
  });
}

/** Finds hosts of a list that others change, and remembers where it found them: what is asked with every message. */
export class HostLookUp {
  readonly #hosts: () => readonly Host[];
  #index = 0;

  constructor(hosts: () => readonly Host[]) {
    this.#hosts = hosts;
  }

  find(id: HostId): Host | undefined {
    const hosts = this.#hosts();
    const there = hosts[this.#index];
    if (there?.id === id) return there;
    const index = hosts.findIndex((host) => host.id === id);
    this.#index = Math.max(0, index);
    return hosts[index];
  }
}
