/** Recorder and player: the last events of the UI, without secrets, and the same states made of them, to look into what went wrong. */

import { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';
import { PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { isPasswordFocused } from './values/form.ts';
import type { UiEvent } from './events.ts';
import type { Area } from './picture.ts';
import { topOf } from './screen-stack.ts';
import type { State } from './state.ts';
import { update } from './update.ts';

/** At least KEPT_EVENTS events are kept, at most twice as many; fewer where many of them are large. */
export const KEPT_EVENTS = 1000;
/** What the server pushes may hold all its tasks and hosts, twice a second: so many of it end a stretch as well. */
export const LARGE_EVENTS = 100;
const LARGE: ReadonlySet<UiEvent['type']> = new Set(['status', 'inventory', 'answered', 'log']);

type Stretch = { readonly state: State; readonly events: UiEvent[]; large: number };

/** Notes what happens; a state is kept for each stretch of KEPT_EVENTS events, so that the oldest can be dropped. */
export class Recorder {
  #before: Stretch | null = null;
  #now: Stretch | null = null;
  #wasAtLogin = false;

  /** `state` is that before `event`. */
  note(state: State, event: UiEvent): void {
    const isAtLogin = topOf(state.screens).name === 'login';
    if (isAtLogin && !this.#wasAtLogin) {
      // The one who logs in next must not have what the last operator saw.
      this.#before = null;
      this.#now = null;
    }
    this.#wasAtLogin = isAtLogin;
    const isFull =
      this.#now !== null &&
      (this.#now.events.length >= KEPT_EVENTS || this.#now.large >= LARGE_EVENTS);
    if (this.#now === null || isFull) {
      this.#before = this.#now;
      this.#now = { state: { ...state, kept: null }, events: [], large: 0 };
    }
    this.#now.events.push(masked(state, event));
    if (LARGE.has(event.type)) this.#now.large += 1;
  }

  /** As a file has it; null before the first event. */
  text(): string | null {
    const first = this.#before ?? this.#now;
    if (first === null) return null;
    const events = [...(this.#before?.events ?? []), ...(this.#now?.events ?? [])];
    const recording: Recording = {
      version: 1,
      program: PROGRAM_VERSION,
      state: first.state,
      events,
    };
    return JSON.stringify(recording, withoutPasswords);
  }
}

/**
 * What is typed into a password field is as long as it was, and nothing else of it is kept. So two passwords that differ are the
 * same when they are played, and what comes of that may be another: nothing is lost by it but the truth of that form.
 */
function masked(state: State, event: UiEvent): UiEvent {
  if (event.type === 'answered' && event.method === 'operator.login') {
    return { ...event, result: { ...event.result, loginToken: '' } };
  }
  if (event.type !== 'key' || event.key.text === null) return event;
  const { state: top } = topOf(state.screens);
  const isSecret = 'form' in top && isPasswordFocused(top.form);
  return isSecret ? { type: 'key', key: { name: '*', text: '*' } } : event;
}

const PasswordField = z.looseObject({
  type: z.literal('password'),
  editor: z.object({ text: z.string(), position: z.number() }),
});

/** For JSON.stringify. */
function withoutPasswords(_: string, value: unknown): unknown {
  // Asked of every value of the state: thousands of hosts.
  if (typeof value !== 'object' || value === null || !('type' in value)) return value;
  if (value.type !== 'password') return value;
  const field = PasswordField.safeParse(value);
  if (!field.success) return value;
  const { editor } = field.data;
  return { ...field.data, editor: { ...editor, text: '*'.repeat(editor.text.length) } };
}

/** The state and the events are ours, written by the same version of this program: they are not looked into. */
const Recording = z.object({
  version: z.literal(1),
  program: z.string().max(100),
  state: z.custom<State>((value) => typeof value === 'object' && value !== null),
  events: z
    .array(z.custom<UiEvent>((value) => typeof value === 'object' && value !== null))
    .max(2 * KEPT_EVENTS),
});
export type Recording = z.infer<typeof Recording>;

/** Throws `bad-argument` for what is no recording. */
export function parseRecording(text: string): Recording {
  try {
    return Recording.parse(JSON.parse(text));
  } catch (cause) {
    throw new OperatorError({
      code: 'bad-argument',
      message: 'reading a recording of the UI',
      hint: 'The key C-r of the UI writes one, and says where.',
      cause,
    });
  }
}

/** The state that a recording begins with, on a terminal of another size if that is said. */
export function firstState({ state }: Recording, area: Area | null): State {
  return area === null ? state : update(state, { type: 'resized', area }).state;
}

/** The state after one more event; where a size is said, those recorded do not change it. */
export function nextState(state: State, event: UiEvent, area: Area | null): State {
  return area !== null && event.type === 'resized' ? state : update(state, event).state;
}
