/** What a task is called: by what it does, and to which hosts. */

import type { Host } from '../../lib/model/host.ts';
import { traitsOf, versionRead, type Operation } from '../../lib/model/operation.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import type { StoreData } from '../store/schema.ts';
import { formatTargets } from './format-targets.ts';

type Kind = Operation['type'];
type Of<K extends Kind> = Extract<Operation, { type: K }>;

/** What a title names besides. */
type Names = { readonly image: string; readonly host: string; readonly targets: string };

type TitleRow<K extends Kind> = {
  /** Of a task that does nothing else. */
  readonly alone: (operation: Of<K>, names: Names) => string;
  /** Among other operations. */
  readonly among: (operation: Of<K>, names: Pick<Names, 'image'>) => string;
};

const SHUTDOWNS: Record<ShutdownMode, { readonly alone: string; readonly among: string }> = {
  'power-off': { alone: 'shut down', among: 'shut down' },
  reboot: { alone: 'reboot', among: 'reboot' },
  exit: { alone: 'end the engine of', among: 'end the engine' },
};

const TITLES: { readonly [K in Kind]: TitleRow<K> } = {
  capture: {
    alone: ({ imageName }, { host }) => `capture ${host} to ${imageName}`,
    among: ({ imageName }) => `capture to ${imageName}`,
  },
  deploy: {
    alone: (_, { image, targets }) => `deploy ${image} to ${targets}`,
    among: (_, { image }) => `deploy ${image}`,
  },
  partition: {
    alone: (_, { image, targets }) => `partition ${targets} like ${image}`,
    among: (_, { image }) => `partition like ${image}`,
  },
  shutdown: {
    alone: ({ mode }, { targets }) => `${SHUTDOWNS[mode].alone} ${targets}`,
    among: ({ mode }) => SHUTDOWNS[mode].among,
  },
};

const MAX_LENGTH = 256;

/** `targets` as the operator named them, `hosts` what they mean. What ends the engine after the work is not in the title. */
export function taskTitle(
  data: Pick<StoreData, 'hosts' | 'groups' | 'images'>,
  operations: readonly Operation[],
  { targets, hosts }: { readonly targets: readonly string[]; readonly hosts: readonly Host[] },
): string {
  const named = formatTargets(data, targets);
  const host = hosts[0]?.name ?? named;
  const [first, second, ...others] = operations;
  const isAlone =
    others.length === 0 && (second === undefined || (first?.type !== second.type && isEnd(second)));
  const title =
    first !== undefined && isAlone
      ? aloneTitle(first, { image: imageOf(data, first), host, targets: named })
      : `${operations.map((each) => amongTitle(each, imageOf(data, each))).join(', ')}: ${named}`;
  return title.slice(0, MAX_LENGTH);
}

function isEnd(operation: Operation): boolean {
  return traitsOf(operation).endsWorker;
}

function aloneTitle<K extends Kind>(operation: Of<K>, names: Names): string {
  const row: TitleRow<K> = TITLES[operation.type];
  return row.alone(operation, names);
}

function amongTitle<K extends Kind>(operation: Of<K>, image: string): string {
  const row: TitleRow<K> = TITLES[operation.type];
  return row.among(operation, { image });
}

function imageOf({ images }: Pick<StoreData, 'images'>, operation: Operation): string {
  const read = versionRead(operation);
  return images.find(({ id }) => id === read?.imageId)?.name ?? '';
}
