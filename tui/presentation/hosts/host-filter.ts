/** Which hosts a list shows, and in which order: the same keys wherever hosts are chosen. */

import type { HostView } from '../../../lib/model/host.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import { push } from '../../actions.ts';
import { edit, lineEditor, visiblePart } from '../../values/line-editor.ts';
import { TOP } from '../../values/selection.ts';
import type { Key } from '../../events.ts';
import type { Model } from '../../model.ts';
import { span, type Span } from '../../picture.ts';
import { perform, reaction, type Command, type Reaction } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import {
  HOST_ORDERS,
  type HostFilter,
  type HostListState,
  type HostOrder,
  type HostScope,
} from '../../values/host-list-state.ts';
import { byCondition, inOrder } from './host-order.ts';

const cache = new WeakMap<readonly HostView[], Map<string, readonly HostView[]>>();

/** Filtered and sorted; 10,000 hosts are sorted once per list, filter and order, not once per key. */
export function filteredHosts(
  filter: Omit<HostFilter, 'isTyping'>,
  model: Pick<Model, 'hosts' | 'status' | 'now'>,
): readonly HostView[] {
  const shown = storedOrder(filter, model.hosts);
  return filter.sort === 'state' ? byCondition(shown, model) : shown;
}

function storedOrder(
  { scope, text, sort }: Omit<HostFilter, 'isTyping'>,
  hosts: readonly HostView[],
): readonly HostView[] {
  const key = JSON.stringify([sort, scope, text.text]);
  const known = cache.get(hosts) ?? new Map<string, readonly HostView[]>();
  cache.set(hosts, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  const wanted = text.text.toLowerCase();
  const shown = inOrder(
    hosts.filter(
      (host) => isInScope(host, scope) && (wanted === '' || searched(host).includes(wanted)),
    ),
    sort,
  );
  known.set(key, shown);
  return shown;
}

/** The filter after a key, while its text is being typed; null when the key is none of it. */
export function typeFilter(filter: HostFilter, key: Key): HostFilter | null {
  const text = filter.isTyping ? edit(filter.text, key, 60) : null;
  return text === null ? null : { ...filter, text };
}

/** What is set, for the line above the list, and where in it the caret is. */
export function filterSpans(
  { scope, text, isTyping, sort }: HostFilter,
  { groups, language }: Pick<Model, 'groups' | 'language'>,
): { readonly spans: readonly Span[]; readonly caret: number | null } {
  const texts = textsOf(language).hosts;
  const part = visiblePart(text, 30);
  const inScope = scopeText();
  const order = sort === 'name' ? '' : texts.sortedBy[sort];
  const spans = [inScope, order].flatMap((each) =>
    each === '' ? [] : [span('   '), span(each, 'warn')],
  );
  const before = spans.reduce((sum, each) => sum + each.text.length, 0);
  const typed =
    isTyping || text.text !== '' ? [span('   /', 'key'), span(part.text, 'strong')] : [];
  return { spans: [...spans, ...typed], caret: isTyping ? before + 4 + part.caret : null };

  function scopeText(): string {
    switch (scope.type) {
      case 'all':
        return '';
      case 'running':
        return texts.onlyRunning;
      case 'group':
        return texts.onlyGroup(groups.find(({ id }) => id === scope.groupId)?.name ?? '-');
      default:
        return unreachable(scope);
    }
  }
}

/** Filter and order. */
export function filterCommands<State extends HostListState>(
  state: State,
  model: Model,
): Command<State>[] {
  const texts = textsOf(model.language).hosts;
  const { filter } = state;
  const scoped = (scope: HostScope): Reaction<State> => reaction(filtered(state, { scope }));
  return [
    {
      name: 'filter',
      keys: ['/'],
      label: texts.filter,
      help: texts.filterHelp,
      disabledReason: null,
      run: () => reaction(filtered(state, { isTyping: true })),
    },
    {
      name: 'show-all',
      keys: ['1'],
      label: texts.all,
      help: texts.allHelp,
      disabledReason: null,
      run: () => reaction(filtered(state, { scope: { type: 'all' }, text: lineEditor() })),
    },
    {
      name: 'show-running',
      keys: ['2'],
      label: texts.running,
      help: texts.runningHelp,
      disabledReason: null,
      run: () => scoped({ type: 'running' }),
    },
    {
      name: 'show-group',
      keys: ['3'],
      label: texts.inGroup,
      help: texts.inGroupHelp,
      disabledReason: model.groups.length === 0 ? texts.noGroups : null,
      run: () => perform(push('choose-group', { selection: TOP })),
    },
    {
      name: 'sort',
      keys: ['s'],
      label: texts.sort,
      help: texts.sortHelp,
      disabledReason: null,
      run: () => reaction(filtered(state, { sort: orderAfter(filter.sort) })),
    },
  ];
}

function orderAfter(order: HostOrder): HostOrder {
  return HOST_ORDERS[(HOST_ORDERS.indexOf(order) + 1) % HOST_ORDERS.length] ?? 'name';
}

/** The list with another filter, its cursor at the top: other hosts are seen. */
export function filtered<State extends HostListState>(
  state: State,
  change: Partial<HostFilter>,
): State {
  return { ...state, filter: { ...state.filter, ...change }, selection: TOP };
}

/** While the text is typed: Enter keeps it, Esc drops it. */
export function typingCommands<State extends HostListState>(
  state: State,
  model: Model,
): Command<State>[] {
  const { hosts: texts, common } = textsOf(model.language);
  const changed = (change: Partial<HostFilter>): Reaction<State> =>
    reaction({ ...state, filter: { ...state.filter, ...change } });
  return [
    {
      name: 'keep-filter',
      keys: ['enter', 'down'],
      label: common.ok,
      help: texts.keepFilterHelp,
      disabledReason: null,
      run: () => changed({ isTyping: false }),
    },
    {
      name: 'drop-filter',
      keys: ['escape'],
      label: texts.dropFilter,
      help: texts.dropFilterHelp,
      disabledReason: null,
      run: () => changed({ isTyping: false, text: lineEditor() }),
    },
  ];
}

/** Whether some hosts may be hidden. */
export function isFiltered({ scope, text }: HostFilter): boolean {
  return scope.type !== 'all' || text.text !== '';
}

export function isRunning({ state }: HostView): boolean {
  return state !== 'off';
}

function isInScope(host: HostView, scope: HostScope): boolean {
  switch (scope.type) {
    case 'all':
      return true;
    case 'running':
      return isRunning(host);
    case 'group':
      return host.groupId === scope.groupId;
    default:
      return unreachable(scope);
  }
}

function searched(host: HostView): string {
  return [host.name, host.state, host.groupName, host.address, host.ipAddress, host.mac]
    .join(' ')
    .toLowerCase();
}
