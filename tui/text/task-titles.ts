/** Titles of tasks in German. The server makes them, in English (server/tasks/task-title.ts), and keeps them as they are. */

import type { Operation } from '../../lib/model/operation.ts';
import type { Language } from '../../lib/text/language.ts';

/** What is known of a task beside its title, to tell names and words apart: "deploy up to date to room-1". */
export type TitleFacts = {
  /** Null where the title is all there is: in the server's log. */
  readonly operations: readonly Operation[] | null;
  readonly images: readonly { readonly name: string }[];
};

/** One way to understand a title. */
type Reading = {
  readonly kinds: readonly Operation['type'][];
  readonly images: readonly string[];
  readonly german: string;
};

/**
 * The title in the language of the UI. One that the server cannot have made for these operations, or that can be
 * understood in two ways, stays as it is.
 */
export function titleIn(language: Language, title: string, facts: TitleFacts): string {
  if (language === 'en') return title;
  const readings = readingsOf(title).filter((each) => agrees(each, facts.operations));
  const isKnown = (name: string): boolean => facts.images.some((image) => image.name === name);
  const likely = readings.length === 1 ? readings : readings.filter((r) => r.images.every(isKnown));
  const [only] = likely;
  return only !== undefined && likely.length === 1 ? only.german : title;
}

/** A task may have a shutdown at its end that its title does not name. */
function agrees({ kinds, images }: Reading, operations: TitleFacts['operations']): boolean {
  if (operations === null) return true;
  if (kinds.length > operations.length) return false;
  return operations.every((operation, index) => {
    const kind = kinds[index];
    if (kind === undefined) return operation.type === 'shutdown';
    if (kind !== operation.type) return false;
    return operation.type !== 'capture' || images.includes(operation.imageName);
  });
}

function readingsOf(title: string): Reading[] {
  return [
    ...splits(after('capture ', title), ' to ')
      .filter(([host]) => !host.includes(' '))
      .map(([host, image]) => reading('capture', [image], `${host} aufnehmen als ${image}`)),
    ...splits(after('deploy ', title), ' to ').map(([image, targets]) =>
      reading('deploy', [image], `${image} verteilen auf ${targetsIn(targets)}`),
    ),
    ...splits(after('partition ', title), ' like ').map(([targets, image]) =>
      reading('partition', [image], `partitionieren wie ${image}: ${targetsIn(targets)}`),
    ),
    ...SHUTDOWNS.flatMap(({ alone, german }) => {
      const targets = after(alone, title);
      return targets === '' ? [] : [reading('shutdown', [], `${german}: ${targetsIn(targets)}`)];
    }),
    ...splits(title, ': ').flatMap(([words, targets]) => composed(words, targets)),
  ];
}

/** `alone` stands before the targets, `composed` among other operations. */
const SHUTDOWNS = [
  { alone: 'shut down ', composed: 'shut down', german: 'ausschalten' },
  { alone: 'reboot ', composed: 'reboot', german: 'neu starten' },
  { alone: 'end the engine of ', composed: 'end the engine', german: 'Engine beenden' },
] as const;

function reading(kind: Operation['type'], images: readonly string[], german: string): Reading {
  return { kinds: [kind], images, german };
}

/** "deploy win11, reboot" of "deploy win11, reboot: room-1" (server/tasks/task-title.ts). */
function composed(words: string, targets: string): Reading[] {
  const parts = words.split(', ').map(composedPart);
  const known = parts.filter((part) => part !== null);
  if (known.length < parts.length) return [];
  return [
    {
      kinds: known.flatMap(({ kinds }) => kinds),
      images: known.flatMap(({ images }) => images),
      german: `${known.map(({ german }) => german).join(', ')}: ${targetsIn(targets)}`,
    },
  ];
}

function composedPart(words: string): Reading | null {
  const shutdown = SHUTDOWNS.find((each) => each.composed === words);
  if (shutdown !== undefined) return reading('shutdown', [], shutdown.german);
  for (const [english, kind, german] of COMPOSED) {
    const image = after(english, words);
    if (image !== '') return reading(kind, [image], german(image));
  }
  return null;
}

const COMPOSED = [
  ['capture to ', 'capture', (image: string) => `aufnehmen als ${image}`],
  ['deploy ', 'deploy', (image: string) => `${image} verteilen`],
  ['partition like ', 'partition', (image: string) => `partitionieren wie ${image}`],
] as const;

/** Names of hosts and groups; of many hosts the last words say how many more there are. */
function targetsIn(targets: string): string {
  return targets.includes(', ') ? targets.replace(/ and (\d+) more$/, ' und $1 weitere') : targets;
}

/** What follows `beginning`; empty when `text` does not begin so. */
function after(beginning: string, text: string): string {
  return text.startsWith(beginning) ? text.slice(beginning.length) : '';
}

/** Every way to part `text` in two at `separator`. */
function splits(text: string, separator: string): (readonly [string, string])[] {
  const pieces = text.split(separator);
  return pieces
    .slice(1)
    .map((_, index) => [
      pieces.slice(0, index + 1).join(separator),
      pieces.slice(index + 1).join(separator),
    ]);
}
