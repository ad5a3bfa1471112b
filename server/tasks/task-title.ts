/** What a task is called: by what it does, and to which hosts. */

import type { Host } from '../../lib/model/host.ts';
import type { Message, SimpleMessage } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';
import { traitsOf, versionRead, type Operation } from '../../lib/model/operation.ts';
import type { StoreData } from '../store/schema.ts';
import { nameTargets, type NamedTargets } from './name-targets.ts';

type Kind = Operation['type'];
type Of<K extends Kind> = Extract<Operation, { type: K }>;

/** What a title names besides. */
type Names = { readonly image: string; readonly host: string; readonly targets: NamedTargets };

type TitleRow<K extends Kind> = {
  /** Of a task that does nothing else. */
  readonly alone: (operation: Of<K>, names: Names) => Message;
  /** Among other operations. */
  readonly among: (operation: Of<K>, names: Pick<Names, 'image'>) => SimpleMessage;
};

const TITLES: { readonly [K in Kind]: TitleRow<K> } = {
  capture: {
    alone: ({ imageName }, { host }) => message('task.capture', { host, image: imageName }),
    among: ({ imageName }) => message('operation.capture', { image: imageName }),
  },
  deploy: {
    alone: (_, { image, targets }) => message('task.deploy', { image, ...targets }),
    among: (_, { image }) => message('operation.deploy', { image }),
  },
  partition: {
    alone: (_, { image, targets }) => message('task.partition', { image, ...targets }),
    among: (_, { image }) => message('operation.partition', { image }),
  },
  shutdown: {
    alone: ({ mode }, { targets }) => message(`task.${mode}`, targets),
    among: ({ mode }) => message(`operation.${mode}`),
  },
};

/**
 * `targets` as the operator named them, `hosts` what they mean. What ends the worker after other work is not in the title,
 * however much work that is.
 */
export function taskTitle(
  data: Pick<StoreData, 'hosts' | 'groups' | 'images'>,
  operations: readonly Operation[],
  { targets, hosts }: { readonly targets: readonly string[]; readonly hosts: readonly Host[] },
): Message {
  const named = nameTargets(data, targets);
  const host = hosts[0]?.name ?? named.targets.join(', ');
  const [first, ...others] = withoutEnd(operations);
  return first !== undefined && others.length === 0
    ? aloneTitle(first, { image: imageOf(data, first), host, targets: named })
    : message('task.several', {
        operations: withoutEnd(operations).map((each) => amongTitle(each, imageOf(data, each))),
        ...named,
      });
}

function withoutEnd(operations: readonly Operation[]): readonly Operation[] {
  const last = operations.at(-1);
  const isEnd = operations.length > 1 && last !== undefined && traitsOf(last).endsWorker;
  return isEnd ? operations.slice(0, -1) : operations;
}

function aloneTitle<K extends Kind>(operation: Of<K>, names: Names): Message {
  const row: TitleRow<K> = TITLES[operation.type];
  return row.alone(operation, names);
}

function amongTitle<K extends Kind>(operation: Of<K>, image: string): SimpleMessage {
  const row: TitleRow<K> = TITLES[operation.type];
  return row.among(operation, { image });
}

function imageOf({ images }: Pick<StoreData, 'images'>, operation: Operation): string {
  const read = versionRead(operation);
  return images.find(({ id }) => id === read?.imageId)?.name ?? '';
}
