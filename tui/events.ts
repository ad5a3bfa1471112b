/** Everything that happens to the UI, in one union: one queue of these drives all of it. */

import type { Trouble } from '../lib/model/trouble.ts';
import type { ErrorReport } from '../lib/model/error-report.ts';
import type { LogEntry } from '../lib/model/log-entry.ts';
import type { Status } from '../lib/model/status.ts';
import type { InventoryChange } from '../lib/protocol/operator-api/status.ts';
import type { ShownServer } from './model.ts';
import type { Answer } from './requests.ts';
import type { Action } from './screen.ts';
import type { Area, Click } from './picture.ts';

/** A key: `name` as the key tables write it ("enter", "C-c", "S-tab", "j"), `text` what it types, if anything. */
export type Key = { readonly name: string; readonly text: string | null };

export type UiEvent =
  | { readonly type: 'key'; readonly key: Key }
  | {
      readonly type: 'clicked';
      readonly column: number;
      readonly row: number;
      readonly isDouble: boolean;
    }
  | { readonly type: 'wheel'; readonly delta: number }
  | { readonly type: 'resized'; readonly area: Area }
  /** Once a second, while something on the screen depends on the time. */
  | { readonly type: 'tick'; readonly now: number }
  /** From now on a connection to the server at `place` is tried. */
  | { readonly type: 'seeking'; readonly place: string; readonly now: number }
  /** Connected, but nothing is answered before a login. */
  | { readonly type: 'login-needed'; readonly server: ShownServer; readonly now: number }
  | { readonly type: 'connected'; readonly server: ShownServer; readonly now: number }
  /** The server has ended the login. */
  | { readonly type: 'logged-out'; readonly reason: string }
  | { readonly type: 'status'; readonly status: Status; readonly now: number }
  /** `isWhole`: these are all hosts that there are. */
  | { readonly type: 'inventory'; readonly change: InventoryChange; readonly isWhole: boolean }
  /** What has been added to the server's log. */
  | { readonly type: 'log'; readonly entries: readonly LogEntry[] }
  | { readonly type: 'lost'; readonly trouble: Trouble; readonly now: number }
  /** A request is under way, or no longer; `id` is unique. */
  | { readonly type: 'sent'; readonly id: number; readonly title: string; readonly now: number }
  | { readonly type: 'returned'; readonly id: number }
  /** What a request brought. */
  | Answer
  /** What the screen that asked wanted done with the answer. */
  | { readonly type: 'follow'; readonly actions: readonly Action[] }
  /** The server, or the way to it, refused a request; `title` is what was being done. */
  | { readonly type: 'refused'; readonly title: string; readonly report: ErrorReport };

/** What reaches the screens: keys that no command took, clicks on their targets, answers, news. */
export type ScreenEvent =
  | Exclude<
      UiEvent,
      {
        readonly type:
          | 'clicked'
          | 'resized'
          | 'sent'
          | 'returned'
          | 'follow'
          | 'seeking'
          | 'login-needed'
          | 'logged-out';
      }
    >
  | { readonly type: 'click'; readonly click: Click; readonly isDouble: boolean };
