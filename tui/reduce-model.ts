/** What an event changes in what the UI knows, apart from the screens: pure. */

import { logAfter } from '../lib/model/log-entry.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { UiEvent } from './events.ts';
import { applyHostChange } from './apply-host-change.ts';
import { NOTICE_MS, RATE_SAMPLES, waitingSince, type Model, type Notice } from './model.ts';

/** The model after `event`, before any screen has seen it. */
export function reduceModel(model: Model, event: UiEvent): Model {
  switch (event.type) {
    case 'resized':
      return { ...model, area: event.area };
    case 'tick': {
      const sessionRates = sessionRatesOf(model, event.now);
      return {
        ...model,
        now: event.now,
        rates: [...model.rates, rateOf({ ...model, sessionRates })].slice(-RATE_SAMPLES),
        sessionRates,
        notice: noticeAt(model.notice, event.now),
      };
    }
    case 'seeking': {
      const { place, now } = event;
      return { ...model, now, place, connection: { type: 'connecting', since: now } };
    }
    case 'connected': {
      const { server, now } = event;
      return { ...model, now, connection: { type: 'online', server, since: now } };
    }
    case 'login-needed':
      return { ...model, now: event.now, connection: { type: 'login', server: event.server } };
    case 'logged-out':
      return { ...model, connection: { type: 'connecting', since: model.now } };
    case 'status':
      return { ...model, now: event.now, status: event.status };
    case 'inventory': {
      const { change, isWhole } = event;
      const { areGroupsChanged, areImagesChanged, areSettingsChanged } = change;
      const isStale = areGroupsChanged || areImagesChanged || areSettingsChanged;
      return {
        ...model,
        hosts: applyHostChange(isWhole ? [] : model.hosts, change),
        // With all of them the lists are read as well.
        lists: isWhole || !isStale ? model.lists : { ...model.lists, isStale },
      };
    }
    case 'log':
      return { ...model, log: logAfter(model.log ?? [], event.entries) };
    case 'lost': {
      const { connection } = model;
      // What never answered has been missing since it was looked for.
      const since =
        connection.type === 'lost' ? connection.since : (waitingSince(model) ?? event.now);
      return { ...model, connection: { type: 'lost', trouble: event.trouble, since } };
    }
    case 'answered':
      return withoutRequest(modelAfterAnswer(model, event), event.id);
    case 'refused':
      return withoutRequest(model, event.id);
    case 'recorded':
    case 'not-recorded':
    case 'key':
    case 'clicked':
    case 'wheel':
      return model;
    default:
      return unreachable(event);
  }
}

function withoutRequest(model: Model, id: number | null): Model {
  return { ...model, pending: model.pending.filter((each) => each.id !== id) };
}

/** Its time runs from the first tick on: what happened just before one is seen as long as all else. */
function noticeAt(notice: Notice | null, now: number): Notice | null {
  if (notice === null) return null;
  const { at = now } = notice;
  return now - at >= NOTICE_MS ? null : { ...notice, at };
}

function modelAfterAnswer(model: Model, event: Extract<UiEvent, { type: 'answered' }>): Model {
  switch (event.method) {
    case 'host.list':
      return { ...model, hosts: event.result };
    case 'settings.get':
    case 'settings.set':
      return { ...model, settings: event.result };
    case 'log.watch':
      return { ...model, log: event.result };
    case 'host.show':
      return { ...model, hostDetails: event.result };
    case 'group.list':
      return { ...model, groups: event.result };
    case 'image.list':
      return { ...model, images: event.result };
    default:
      return model;
  }
}

/** What goes over the network: what each session sends, once for all its hosts, and what the runs without one move. */
function rateOf({ status, sessionRates, connection }: Model): number {
  if (status === null || connection.type !== 'online') return 0;
  const sent = status.sessions
    .filter(({ state }) => state === 'sending')
    .map(({ id }) => sessionRates[id]?.rates.at(-1) ?? 0);
  // A host goes on writing after its session has ended: what comes to it has been counted by then.
  const unicast = new Set(
    status.tasks
      .flatMap(({ runs }) => runs)
      .filter(({ state, sessionId }) => state === 'running' && sessionId === null)
      .map(({ id }) => id),
  );
  const moved = status.progress
    .filter(({ runId }) => unicast.has(runId))
    .map(({ step, total }) => (step ?? total).bytesPerSecond);
  return [...sent, ...moved].reduce((sum, rate) => sum + rate, 0);
}

function sessionRatesOf(model: Model, now: number): Model['sessionRates'] {
  const sessions = model.status?.sessions ?? [];
  return Object.fromEntries(
    sessions.map(({ id, state, sentBytes }) => {
      const before = model.sessionRates[id];
      if (before === undefined) return [id, { sentBytes, at: now, rates: [] }];
      if (state !== 'sending' || now <= before.at) return [id, before];
      const rate = Math.max(0, ((sentBytes - before.sentBytes) * 1000) / (now - before.at));
      return [id, { sentBytes, at: now, rates: [...before.rates, rate].slice(-RATE_SAMPLES) }];
    }),
  );
}
