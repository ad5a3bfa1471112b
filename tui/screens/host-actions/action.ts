/** The type of a host action: something that can be done with hosts, one per row. */

import type { HostView } from '../../../lib/model/host.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import type { Model } from '../../model.ts';
import type { Action } from '../../screen-states.ts';
import type { Texts } from '../../text/catalogue.ts';
import type { DisabledReason } from '../../disabled-reason.ts';

export type HostAction = {
  readonly name: string;
  readonly keys: readonly string[];
  readonly texts: (texts: Texts['hosts']) => { readonly label: string; readonly help: string };
  /** `hosts` are not empty. */
  readonly disabledReason: (hosts: readonly HostView[], model: Model) => DisabledReason | null;
  readonly actions: (hosts: readonly HostView[], model: Model) => readonly Action[];
};

export function idsOf(hosts: readonly HostView[]): HostId[] {
  return hosts.map(({ id }) => id);
}
