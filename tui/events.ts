/** Everything that happens to the UI, in one union: one queue of these drives all of it. */

import type { Trouble } from '../lib/model/trouble.ts';
import type { ErrorReport } from '../lib/model/error-report.ts';
import type { GroupId } from '../lib/model/ids.ts';
import type { LogEntry } from '../lib/model/log-entry.ts';
import type { Message } from '../lib/model/message.ts';
import type { Status } from '../lib/model/status.ts';
import type { Greeting } from '../lib/protocol/operator-api/login.ts';
import type { InventoryChange } from '../lib/protocol/operator-api/status.ts';
import type { Answer } from './requests.ts';
import type { Area, Click } from './picture.ts';

export type ShownServer = Pick<Greeting, 'hostname' | 'programVersion'>;

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
  | { readonly type: 'logged-out'; readonly why: Message }
  | { readonly type: 'status'; readonly status: Status; readonly now: number }
  /** `isWhole`: these are all hosts that there are. */
  | { readonly type: 'inventory'; readonly change: InventoryChange; readonly isWhole: boolean }
  /** What has been added to the server's log. */
  | { readonly type: 'log'; readonly entries: readonly LogEntry[] }
  | { readonly type: 'lost'; readonly trouble: Trouble; readonly now: number }
  /** What a request brought. */
  | Answer
  /** The server, or the way to it, refused the request of this id. */
  | { readonly type: 'refused'; readonly id: number; readonly report: ErrorReport }
  /** The last events have been written to this file. */
  | { readonly type: 'recorded'; readonly path: string }
  | { readonly type: 'not-recorded'; readonly report: ErrorReport };

/** What reaches the screens: keys that no command took, clicks on their targets, answers, news. */
export type ScreenEvent =
  | Exclude<
      UiEvent,
      {
        readonly type:
          | 'clicked'
          | 'resized'
          | 'recorded'
          | 'not-recorded'
          | 'seeking'
          | 'login-needed'
          | 'logged-out';
      }
    >
  | { readonly type: 'click'; readonly click: Click; readonly isDouble: boolean }
  /** A dialog says which group was chosen. */
  | { readonly type: 'group-chosen'; readonly groupId: GroupId };
