/**
 * States, outcomes and workers in words, as people read them everywhere. Programs read the names in `lib/model` instead
 * (`--json`).
 */

import type { HostApproval } from '../model/host.ts';
import type { StepState } from '../model/step.ts';
import type { DiskOutcome, RunState, Session } from '../model/task.ts';
import type { WorkerKind } from '../model/worker.ts';
import { bilingual } from './bilingual.ts';

type Words<Key extends string> = Readonly<Record<Key, string>>;

export const states = bilingual({
  en: {
    runs: {
      waiting: 'waiting',
      running: 'running',
      interrupted: 'interrupted',
      completed: 'done',
      warned: 'done, warned',
      failed: 'failed',
      aborted: 'cancelled',
    } satisfies Words<RunState>,
    // A lost host aborts one as well, not operators alone.
    steps: {
      planned: 'to do',
      running: 'running',
      completed: 'done',
      warned: 'done, warned',
      skipped: 'skipped',
      failed: 'failed',
      aborted: 'aborted',
    } satisfies Words<StepState>,
    // Of a host: its condition (lib/rules/host-condition.ts), and what its last work came to (lib/client/host-news.ts).
    conditions: {
      working: 'working',
      ready: 'ready',
      waking: 'waking',
      off: 'off',
      pending: 'pending',
    },
    approvals: { approved: 'approved', pending: 'pending' } satisfies Words<HostApproval>,
    works: {
      running: 'running',
      waiting: 'waiting',
      done: 'done',
      failed: 'failed',
      cancelled: 'cancelled',
      'half-written': 'half written',
    },
    sessions: {
      gathering: 'waiting for hosts',
      sending: 'sending',
      finished: 'finished',
      failed: 'failed',
    } satisfies Words<Session['state']>,
    // Of a disk.
    diskOutcomes: {
      untouched: 'nothing was written',
      complete: 'what was asked for is on it, verified',
      cleared: 'it was half written and then made unbootable',
      unknown: 'it may be half written: do not trust it',
    } satisfies Words<DiskOutcome>,
    workers: { engine: 'engine', agent: 'agent', server: 'server' } satisfies Words<WorkerKind>,
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
      warned: 'fertig, Warnung',
      skipped: 'ausgelassen',
      failed: 'fehlgeschlagen',
      aborted: 'abgebrochen',
    },
    conditions: {
      working: 'in Arbeit',
      ready: 'bereit',
      waking: 'startet',
      off: 'aus',
      pending: 'zuzulassen',
    },
    approvals: { approved: 'zugelassen', pending: 'zuzulassen' },
    works: {
      running: 'läuft',
      waiting: 'wartet',
      done: 'fertig',
      failed: 'fehlgeschlagen',
      cancelled: 'abgebrochen',
      'half-written': 'halb beschrieben',
    },
    sessions: {
      gathering: 'wartet auf Rechner',
      sending: 'sendet',
      finished: 'fertig',
      failed: 'fehlgeschlagen',
    },
    diskOutcomes: {
      untouched: 'nichts wurde geschrieben',
      complete: 'das Verlangte ist darauf, geprüft',
      cleared: 'sie war halb beschrieben und wurde unbootbar gemacht',
      unknown: 'sie ist vielleicht halb beschrieben: nicht darauf verlassen',
    },
    workers: { engine: 'Engine', agent: 'Agent', server: 'Server' },
  },
});
