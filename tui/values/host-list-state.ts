/** What a list of hosts remembers: where the cursor is, which hosts are marked, which are shown and in which order. */

import type { HostId, GroupId } from '../../lib/model/ids.ts';
import { lineEditor, type LineEditor } from './line-editor.ts';
import { TOP, type Selection } from './selection.ts';

export const HOST_ORDERS = ['name', 'state', 'group', 'address', 'seen'] as const;
export type HostOrder = (typeof HOST_ORDERS)[number];

export type HostScope =
  | { readonly type: 'all' }
  | { readonly type: 'running' }
  | { readonly type: 'group'; readonly groupId: GroupId };

export type HostFilter = {
  readonly scope: HostScope;
  readonly text: LineEditor;
  /** Whether keys go to `text`. */
  readonly isTyping: boolean;
  readonly sort: HostOrder;
};

export const ALL_HOSTS: HostFilter = {
  scope: { type: 'all' },
  text: lineEditor(),
  isTyping: false,
  sort: 'name',
};

/** The marked hosts, by their ids. */
export type HostMarks = Readonly<Record<HostId, true>>;

export const NONE_MARKED: HostMarks = {};

/** A list whose hosts can be marked, one by one or a group at once. */
export type MarkedList = { readonly selection: Selection; readonly marked: HostMarks };

export type HostListState = MarkedList & { readonly filter: HostFilter };

export const ALL_UNMARKED: HostListState = {
  selection: TOP,
  marked: NONE_MARKED,
  filter: ALL_HOSTS,
};
