/** The names of hosts in a question, as many as a dialog has room for. */

import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import { textsOf } from '../../text/catalogue.ts';

const MOST = 24;

export function hostNames(
  hosts: readonly HostView[],
  { language }: Pick<Model, 'language'>,
): string {
  const names = hosts.slice(0, MOST).map(({ name }) => name);
  const more = hosts.length - names.length;
  return `${names.join(', ')}${more === 0 ? '' : textsOf(language).hosts.andMore(more)}`;
}
