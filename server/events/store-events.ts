/** What a change of the store means to operators: pure, from what was, what is, and who asked for it. */

import { isDeepStrictEqual } from 'node:util';
import type { Group } from '../../lib/model/group.ts';
import { serialOf } from '../../lib/hosts/machine-serial.ts';
import type { Host } from '../../lib/model/host.ts';
import type { Image } from '../../lib/model/image.ts';
import type { Job } from '../../lib/model/job.ts';
import { HostField, type LogEvent, type NameSample } from '../../lib/model/log-entry.ts';
import type { OperatorAccount } from '../../lib/model/operator-account.ts';
import { Settings } from '../../lib/model/settings.ts';
import { isEnded, isSuccess, taskState, type Run, type Task } from '../../lib/model/task.ts';
import type { StoreData } from '../store/schema.ts';
import type { MadeChange } from '../store/store.ts';

const MOST_NAMES = 5;

/** Records are never changed in place: what is the same object is unchanged. */
export function storeEvents({ before, after, by }: MadeChange): LogEvent[] {
  return [
    ...(before.groups === after.groups ? [] : groupEvents(before, after, by)),
    ...(before.hosts === after.hosts ? [] : hostEvents(before, after, by)),
    ...(before.tasks === after.tasks ? [] : taskEvents(before.tasks, after)),
    ...(before.images === after.images ? [] : imageEvents(before.images, after.images, by)),
    ...(before.jobs === after.jobs ? [] : jobEvents(before.jobs, after.jobs, by)),
    ...(before.operators === after.operators
      ? []
      : accountEvents(before.operators, after.operators, by)),
    ...(before.settings === after.settings
      ? []
      : settingsEvents(before.settings, after.settings, by)),
  ];
}

/** Of lists of records that have an id: what is new, what is gone, and what is another object than it was. */
function differences<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): { added: T[]; changed: { was: T; is: T }[]; gone: T[] } {
  const earlier = new Map(before.map((record) => [record.id, record]));
  const added: T[] = [];
  const changed: { was: T; is: T }[] = [];
  for (const is of after) {
    const was = earlier.get(is.id);
    earlier.delete(is.id);
    if (was === undefined) added.push(is);
    else if (was !== is) changed.push({ was, is });
  }
  return { added, changed, gone: [...earlier.values()] };
}

function groupEvents(before: StoreData, after: StoreData, by: string | null): LogEvent[] {
  const { added, changed, gone } = differences<Group>(before.groups, after.groups);
  const type = 'group-changed' as const;
  return [
    ...added.map(({ name }) => ({ type, change: 'created', group: name, from: null, by }) as const),
    ...changed
      .filter(({ was, is }) => was.name !== is.name)
      .map(
        ({ was, is }) => ({ type, change: 'renamed', group: is.name, from: was.name, by }) as const,
      ),
    ...gone.map(({ name }) => ({ type, change: 'deleted', group: name, from: null, by }) as const),
  ];
}

/** What a schedule does to its job is no news. */
function jobEvents(before: readonly Job[], after: readonly Job[], by: string | null): LogEvent[] {
  const { added, changed, gone } = differences<Job>(before, after);
  const type = 'job-changed' as const;
  return [
    ...added.map(({ name: job }) => ({ type, change: 'created', job, from: null, by }) as const),
    ...changed
      .filter(({ was, is }) => was.revision !== is.revision)
      .map(({ was, is: { name: job } }) =>
        was.name === job
          ? ({ type, change: 'changed', job, from: null, by } as const)
          : ({ type, change: 'renamed', job, from: was.name, by } as const),
      ),
    ...gone.map(({ name: job }) => ({ type, change: 'deleted', job, from: null, by }) as const),
  ];
}

function hostEvents(before: StoreData, after: StoreData, by: string | null): LogEvent[] {
  const { added, changed, gone } = differences<Host>(before.hosts, after.hosts);
  const pending = added.filter(isPending);
  const taken = added.filter((host) => !isPending(host));
  const approved = changed.filter(({ was, is }) => isPending(was) && !isPending(is));
  return [
    ...about(by === null ? taken : [], (hosts) => ({
      type: 'hosts-registered',
      hosts,
      isPending: false,
    })),
    ...about(by === null ? [] : taken, (hosts) => ({ type: 'hosts-added', hosts, by })),
    ...about(pending, (hosts) => ({ type: 'hosts-registered', hosts, isPending: true })),
    ...about(
      approved.map(({ is }) => is),
      (hosts) => ({ type: 'hosts-approved', hosts, by }),
    ),
    // What engines say of their hosts, and what becomes of their disks, is told elsewhere or no news.
    ...(by === null ? [] : [...editEvents(changed, after, by), ...machineEvents(changed, by)]),
    ...about(gone.filter(isPending), (hosts) => ({ type: 'hosts-rejected', hosts, by })),
    ...about(
      gone.filter((host) => !isPending(host)),
      (hosts) => ({ type: 'hosts-deleted', hosts, by }),
    ),
  ];
}

function isPending({ approval }: Host): boolean {
  return approval === 'pending';
}

type HostChange = { readonly was: Host; readonly is: Host };

/** What operators set of hosts: a new name of one, or which fields of which. */
function editEvents(changed: readonly HostChange[], after: StoreData, by: string): LogEvent[] {
  const edits = changed
    .map((change) => ({ ...change, fields: fieldsOf(change, after.groups) }))
    .filter(({ fields }) => fields.size > 0);
  const [only] = edits;
  const isRenamed = edits.length === 1 && only?.fields.delete('name') === true;
  const renamed: LogEvent[] = isRenamed
    ? [{ type: 'host-renamed', from: only.was.name, host: only.is.name, by }]
    : [];
  const rest = edits.filter(({ fields }) => fields.size > 0);
  const names = [...new Set(rest.flatMap(({ fields }) => [...fields.keys()]))];
  const changes = names.map((field) => {
    const values = new Set(rest.flatMap(({ fields }) => fields.get(field) ?? []));
    const [to] = values;
    return { field, ...(values.size === 1 && to !== undefined ? { to } : {}) };
  });
  const hosts = rest.map(({ is }) => is);
  return [
    ...renamed,
    ...about(hosts, (some) => ({ type: 'hosts-changed', hosts: some, changes, by })),
  ];
}

/** The fields that are no longer what they were (of `groups`, which are there now), with what they are in words; empty where nothing is there. */
function fieldsOf({ was, is }: HostChange, groups: readonly Group[]): Map<HostField, string> {
  const told = (host: Host): Record<HostField, string> => ({
    name: host.name,
    mac: host.mac,
    group: groups.find(({ id }) => id === host.groupId)?.name ?? '',
    serialNumber: host.serialNumber ?? '',
    ipAddress: host.ipAddress ?? '',
    debugShell: onOff(host.debugShell),
    localBoot: host.localBoot,
    disk: host.halfWritten === null ? 'complete' : host.halfWritten.disk,
  });
  // Who loses the group because that is deleted was not edited.
  const [earlier, now] = [told(was), told(is)];
  const fields: Map<HostField, string> = new Map();
  for (const field of HostField.options)
    if (earlier[field] !== now[field]) fields.set(field, now[field]);
  return fields;
}

/** Another machine, or another adapter, is the host from now on. */
function machineEvents(changed: readonly HostChange[], by: string): LogEvent[] {
  return changed
    .filter(
      ({ was, is }) =>
        serialOf(was) !== serialOf(is) ||
        !isDeepStrictEqual(was.acceptedAddresses ?? [], is.acceptedAddresses ?? []),
    )
    .map(({ is }) => ({ type: 'machine-accepted', host: is.name, serialNumber: serialOf(is), by }));
}

function onOff(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}

function taskEvents(before: readonly Task[], { tasks, hosts }: StoreData): LogEvent[] {
  const earlier = new Map(before.map((task) => [task.id, task]));
  return tasks.flatMap((task): LogEvent[] => {
    const was = earlier.get(task.id);
    if (was === task) return [];
    const { title, createdBy, runs } = task;
    const outcome = taskState(task);
    const hasEnded = isEnded(outcome) && (was === undefined || taskState(was) !== outcome);
    return [
      ...(was === undefined ? [{ type: 'task-created' as const, task: title, by: createdBy }] : []),
      ...failures(was?.runs ?? [], task, hosts),
      ...attempts('restarts', 'runs-begun-again', was?.runs ?? [], task, hosts),
      ...attempts('missedSessions', 'sessions-missed', was?.runs ?? [], task, hosts),
      ...(hasEnded && outcome !== 'waiting' && outcome !== 'running'
        ? [
            {
              type: 'task-ended' as const,
              task: title,
              outcome,
              runs: runs.length,
              good: runs.filter(({ state }) => isSuccess(state)).length,
            },
          ]
        : []),
    ];
  });
}

/** The runs that have failed since; one that was interrupted and failed then has been told of. */
function failures(was: readonly Run[], { title, runs }: Task, hosts: readonly Host[]): LogEvent[] {
  const states = new Map(was.map(({ id, state }) => [id, state]));
  const failed = runs.filter(({ id, state }) => hasFailed(state) && !hasFailed(states.get(id)));
  const [first] = failed;
  if (first === undefined) return [];
  const some = hostsOf(failed, hosts);
  return [{ type: 'runs-failed', task: title, hosts: some, error: first.error?.message ?? null }];
}

/** The runs that have more of `count` since: they do their work again. */
function attempts(
  count: 'restarts' | 'missedSessions',
  type: 'runs-begun-again' | 'sessions-missed',
  was: readonly Run[],
  { title, runs }: Task,
  hosts: readonly Host[],
): LogEvent[] {
  const earlier = new Map(was.map((run) => [run.id, run[count]]));
  const again = runs.filter((run) => run[count] > (earlier.get(run.id) ?? 0));
  return again.length === 0 ? [] : [{ type, task: title, hosts: hostsOf(again, hosts) }];
}

function hasFailed(state: Run['state'] | undefined): boolean {
  return state === 'failed' || state === 'interrupted';
}

function imageEvents(
  before: readonly Image[],
  after: readonly Image[],
  by: string | null,
): LogEvent[] {
  const { added, changed, gone } = differences<Image>(before, after);
  return [
    ...added.flatMap((image) => changesOf(undefined, image, by)),
    ...changed.flatMap(({ was, is }) => changesOf(was, is, by)),
    ...gone.map(({ name }) => ({ type: 'image-deleted' as const, image: name, by })),
  ];
}

/** The newest version is the first one; old ones that go are no news. */
function changesOf(
  was: Image | undefined,
  { name, isProtected, versions }: Image,
  by: string | null,
): LogEvent[] {
  const [newest] = versions;
  const hasNew =
    newest !== undefined && was?.versions.every(({ id }) => id !== newest.id) !== false;
  const isChanged = was !== undefined && was.isProtected !== isProtected;
  return [
    ...(was === undefined || was.name === name
      ? []
      : [{ type: 'image-renamed' as const, from: was.name, image: name, by }]),
    ...(isChanged ? [{ type: 'image-protected' as const, image: name, isProtected, by }] : []),
    ...(hasNew ? [{ type: 'image-captured' as const, image: name }] : []),
  ];
}

/** Accounts are known by their names: one that is gone while one of the same age has come was renamed. */
function accountEvents(
  before: readonly OperatorAccount[],
  after: readonly OperatorAccount[],
  by: string | null,
): LogEvent[] {
  const type = 'operator-changed' as const;
  const named = (accounts: readonly OperatorAccount[]): Map<string, OperatorAccount> =>
    new Map(accounts.map((account) => [account.name, account]));
  const [earlier, now] = [named(before), named(after)];
  const gone = before.filter(({ name }) => !now.has(name));
  const come = after.filter(({ name }) => !earlier.has(name));
  const isSame = (one: OperatorAccount, other: OperatorAccount): boolean =>
    one.createdAt === other.createdAt && one.passwordHash === other.passwordHash;
  return [
    ...come.map(
      (account) =>
        ({
          type,
          operator: account.name,
          by,
          change: gone.some((each) => isSame(each, account)) ? 'renamed' : 'added',
        }) as const,
    ),
    ...after
      .filter(({ name, passwordHash }) => {
        const was = earlier.get(name);
        return was !== undefined && was.passwordHash !== passwordHash;
      })
      .map(({ name }) => ({ type, change: 'password', operator: name, by }) as const),
    ...gone
      .filter((account) => !come.some((each) => isSame(each, account)))
      .map(({ name }) => ({ type, change: 'deleted', operator: name, by }) as const),
  ];
}

function settingsEvents(before: Settings, after: Settings, by: string | null): LogEvent[] {
  const changes = Settings.keyof()
    .options.filter((setting) => before[setting] !== after[setting])
    .map((setting) => ({ setting, to: settingText(after[setting]) }));
  return changes.length === 0 ? [] : [{ type: 'settings-changed', changes, by }];
}

function settingText(value: Settings[keyof Settings]): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'boolean' ? onOff(value) : String(value);
}

function hostsOf(runs: readonly Run[], hosts: readonly Host[]): NameSample {
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  return sampleOf(runs.map(({ hostId }) => names.get(hostId) ?? hostId));
}

function about(hosts: readonly Host[], eventOf: (some: NameSample) => LogEvent): LogEvent[] {
  return hosts.length === 0 ? [] : [eventOf(sampleOf(hosts.map(({ name }) => name)))];
}

function sampleOf(names: readonly string[]): NameSample {
  return { names: names.slice(0, MOST_NAMES), count: names.length };
}
