/** States and outcomes in words. In English the states are called as in --json. */

import type { LastWork } from '../../lib/client/host-news.ts';
import type { HostState } from '../../lib/model/host.ts';
import type { StepState } from '../../lib/model/step.ts';
import type { DiskOutcome, RunState, Session } from '../../lib/model/task.ts';
import { bilingual } from '../../lib/text/bilingual.ts';

type Words<Key extends string> = Readonly<Record<Key, string>>;

export const states = bilingual({
  en: {
    runs: {
      waiting: 'waiting',
      running: 'running',
      interrupted: 'interrupted',
      completed: 'completed',
      warned: 'warned',
      failed: 'failed',
      aborted: 'aborted',
    } satisfies Words<RunState>,
    steps: {
      planned: 'planned',
      running: 'running',
      completed: 'completed',
      warned: 'warned',
      skipped: 'skipped',
      failed: 'failed',
      aborted: 'aborted',
    } satisfies Words<StepState>,
    hosts: { off: 'off', idle: 'idle', working: 'working' } satisfies Words<HostState>,
    approvals: { approved: 'approved', pending: 'pending' },
    works: {
      running: 'running',
      waiting: 'waiting',
      done: 'done',
      failed: 'failed',
      cancelled: 'cancelled',
      'half-written': 'half written',
    } satisfies Words<LastWork['type']>,
    sessions: {
      gathering: 'gathering',
      sending: 'sending',
      finished: 'finished',
      failed: 'failed',
    } satisfies Words<Session['state']>,
    diskOutcomes: {
      untouched: 'nothing was written to its disk',
      complete: 'what was asked for is on its disk, verified',
      cleared: 'its disk was half written and then made unbootable',
      unknown: 'its disk may be half written: do not trust it',
    } satisfies Words<DiskOutcome>,
    never: 'never',
    now: 'now',
  },
  de: {
    runs: {
      waiting: 'wartet',
      running: 'läuft',
      interrupted: 'unterbrochen',
      completed: 'fertig',
      warned: 'fertig, Warnung',
      failed: 'fehlgeschlagen',
      aborted: 'abgebrochen',
    },
    steps: {
      planned: 'kommt noch',
      running: 'läuft',
      completed: 'fertig',
      warned: 'Warnung',
      skipped: 'ausgelassen',
      failed: 'fehlgeschlagen',
      aborted: 'abgebrochen',
    },
    hosts: { off: 'aus', idle: 'bereit', working: 'in Arbeit' },
    approvals: { approved: 'zugelassen', pending: 'wartet auf Zulassung' },
    works: {
      running: 'läuft',
      waiting: 'wartet',
      done: 'fertig',
      failed: 'fehlgeschlagen',
      cancelled: 'abgebrochen',
      'half-written': 'halb beschrieben',
    },
    sessions: {
      gathering: 'sammelt',
      sending: 'sendet',
      finished: 'beendet',
      failed: 'fehlgeschlagen',
    },
    diskOutcomes: {
      untouched: 'auf seine Platte wurde nichts geschrieben',
      complete: 'auf seiner Platte ist, was verlangt war, geprüft',
      cleared: 'seine Platte wurde halb beschrieben und dann unstartbar gemacht',
      unknown: 'seine Platte ist vielleicht halb beschrieben: ihr ist nicht zu trauen',
    },
    never: 'nie',
    now: 'jetzt',
  },
});
