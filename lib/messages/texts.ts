/** What a language has to have of messages: a text for each, made from the presented parameters. */

import type { ContainerType } from '../filesystems/containers.ts';
import type { Declarations, Kind } from '../model/message.ts';

/** A parameter as a text gets it: quantities, disks and inner messages are in its language already. */
type Presented = {
  text: string;
  'text?': string | null;
  number: number;
  bytes: string;
  duration: string;
  texts: readonly string[];
  container: string;
  disk: string;
  message: string;
  messages: readonly string[];
};
export type PresentedValue = Presented[Kind];

/** A text that is missing, or that asks for a parameter that its message does not have, does not compile. */
export type TextsOf<D extends Declarations> = {
  readonly [Id in keyof D]: keyof D[Id] extends never
    ? string
    : (params: { readonly [Param in keyof D[Id]]: Presented[D[Id][Param]] }) => string;
};

/**
 * A text of any message. It must be called with the parameters that its message declares: the type of a method lets it
 * stand for texts that ask for some of them only.
 */
export type AnyText =
  string | { text(params: Readonly<Record<string, PresentedValue>>): string }['text'];

/** What a disk or a partition belongs to, or has in it. */
export type ContainerTexts = {
  readonly names: Readonly<Record<ContainerType, string>>;
  /** Of a type that is not known here. */
  readonly set: (type: string) => string;
  readonly filesystem: (type: string) => string;
};
