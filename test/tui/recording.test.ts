/** The last events in a file, and the same pictures made of them. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { message } from '../../lib/model/messages/table.ts';
import { viewOf } from '../../tui/frame.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { pictureText } from '../../tui/panel-text.ts';
import { KEPT_EVENTS, LARGE_EVENTS, parseRecording, Recorder } from '../../tui/recording.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { newState, type State } from '../../tui/state.ts';
import { update } from '../../tui/update.ts';
import type { UiEvent } from '../../tui/events.ts';
import { waitUntil, walk, type Driver } from './driver.ts';
import { sampleStatus } from '../support/servers.ts';
import { inRoom } from './in-room.ts';
import { KEPT_EVERY, Player } from './replay/player.ts';
import { stepTo } from './replay/step.ts';

async function record(driver: Driver): Promise<string> {
  driver.send('\u0012');
  await waitUntil('it was recorded', () => driver.recordings.length > 0);
  return driver.recordings.at(-1) ?? assert.fail();
}

function shown(state: State): string[] {
  return pictureText(viewOf(state), state.model.area, state.model.unicode);
}

describe('a recording of the UI', () => {
  test('a recording of the UI: played again it gives the picture that the session ended with, and all those before', async () => {
    await inRoom(async (driver) => {
      await walk(driver, [
        ['t', '1 under way'],
        ['enter', 'pc-04'],
        ['escape', '1 under way'],
        ['escape', 'deploy win11'],
        ['h', 'pc-10'],
        ['/', '/'],
        ['pc-2', 'pc-20'],
        ['enter', 'pc-20'],
        ['space', '1 marked'],
        ['u', 'Prefix'],
      ]);
      driver.resize(100, 30);
      await driver.waitFor((lines) => lines.length === 30);
      const before = driver.app.state;
      const recording = parseRecording(await record(driver));
      const key = recording.events.findLastIndex(
        (event) => event.type === 'key' && event.key.name === 'C-r',
      );
      const played = new Player(recording, null).stateAfter(key);
      assert.deepEqual(shown(played), shown(before));
      assert.equal(played.screens.at(-1)?.name, 'name-rule');
      const first = new Player(recording, null).stateAfter(0);
      assert.deepEqual(
        first.screens.map(({ name }) => name),
        ['overview'],
      );
      const small = new Player(recording, { left: 0, top: 0, width: 80, height: 24 }).stateAfter(
        key,
      );
      assert.equal(shown(small).length, 24);
    });
  });

  test('a recording of the UI: the key works in a dialog as well, and the UI says where the file is', async () => {
    await inRoom(async (driver) => {
      await walk(driver, [
        ['g', '3 groups'],
        ['n', 'New group'],
      ]);
      await record(driver);
      await driver.waitFor('/tmp/recording.json');
      await driver.waitFor('New group');
    });
  });

  test('a recording of the UI: no password is in it: neither typed, nor in a field, nor what a login is answered with', async () => {
    await inRoom(async (driver) => {
      const server = { hostname: 'cloner', programVersion: '0.2.0' };
      driver.app.put({ type: 'login-needed', server, now: 0 });
      await driver.waitFor('Password');
      for (const key of ['anna', 'enter', ...Array.from('geheim-12')]) driver.press(key);
      await driver.waitFor('*********');
      const text = await record(driver);
      assert.ok(text.includes('*'));
      // Each letter is an event of its own.
      assert.ok(!text.includes('geheim-12'));
      const keys = parseRecording(text).events.flatMap((event) =>
        event.type === 'key' ? [event.key.name] : [],
      );
      assert.deepEqual(keys.slice(-11), ['enter', ...Array<string>(9).fill('*'), 'C-r']);
      assert.deepEqual(
        shown(new Player(parseRecording(text), null).stateAfter(Infinity))
          .join('')
          .includes('*********'),
        true,
      );
    });
  });

  test('a recording that is played forwards and backwards plays few events for a step, and shows the same', () => {
    const recorder = new Recorder();
    let state = newState(emptyModel(), [FIRST_SCREEN]);
    const pictures: string[][] = [shown(state)];
    for (let count = 1; count <= 4 * KEPT_EVERY; count += 1) {
      const name = ['h', 'down', 'escape', 't', 'escape'][count % 5] ?? 'h';
      const event: UiEvent = { type: 'key', key: { name, text: null } };
      recorder.note(state, event);
      state = update(state, event).state;
      pictures.push(shown(state));
    }
    const player = new Player(parseRecording(recorder.text() ?? assert.fail()), null);
    for (const at of [4 * KEPT_EVERY, 4 * KEPT_EVERY - 1, KEPT_EVERY + 1, 0, 3 * KEPT_EVERY, 7]) {
      const before = player.played;
      assert.deepEqual(shown(player.stateAfter(at)), pictures[at], `after ${at} events`);
      const most = at === 4 * KEPT_EVERY ? at : KEPT_EVERY;
      assert.ok(player.played - before <= most, `${player.played - before} events for ${at}`);
    }
  });

  test('a recording of the UI: a state in whose form a password stands is written without it, and so is a token', () => {
    const server = { hostname: 'cloner', programVersion: '0.2.0' };
    let state = newState(emptyModel(), [FIRST_SCREEN]);
    const events: UiEvent[] = [
      { type: 'login-needed', server, now: 0 },
      ...['enter', ...Array.from('geheim')].map((name): UiEvent => {
        return { type: 'key', key: { name, text: name.length === 1 ? name : null } };
      }),
    ];
    for (const event of events) state = update(state, event).state;
    assert.ok(JSON.stringify(state).includes('geheim'));
    const recorder = new Recorder();
    assert.equal(recorder.text(), null);
    recorder.note(state, {
      type: 'answered',
      id: 1,
      method: 'operator.login',
      result: { name: 'anna', loginToken: 'token-of-anna' },
    });
    const text = recorder.text() ?? assert.fail();
    assert.ok(!text.includes('geheim') && !text.includes('token-of-anna'), text);
  });

  test('a recording of the UI: what the server pushes is kept a limited number of times, however many there are', () => {
    const recorder = new Recorder();
    let state = newState(emptyModel(), [FIRST_SCREEN]);
    for (let now = 1; now <= 5 * LARGE_EVENTS; now += 1) {
      const event: UiEvent = { type: 'status', status: sampleStatus([]), now };
      recorder.note(state, event);
      state = update(state, event).state;
    }
    const { events } = parseRecording(recorder.text() ?? assert.fail());
    assert.ok(events.length >= LARGE_EVENTS && events.length <= 2 * LARGE_EVENTS);
  });

  test('a recording of the UI: nothing of before a login is in it, so that the next operator gets nothing of the last one', () => {
    const recorder = new Recorder();
    let state = newState(emptyModel(), [FIRST_SCREEN]);
    const server = { hostname: 'cloner', programVersion: '0.2.0' };
    const happens = (event: UiEvent): void => {
      recorder.note(state, event);
      state = update(state, event).state;
    };
    happens({ type: 'connected', server, now: 0 });
    happens({ type: 'status', status: sampleStatus([]), now: 0 });
    assert.ok(recorder.text()?.includes('Xeon'));
    happens({ type: 'logged-out', why: message('login.left') });
    happens({ type: 'login-needed', server, now: 1 });
    happens({ type: 'tick', now: 2 });
    const text = recorder.text() ?? assert.fail();
    assert.ok(!text.includes('Xeon'), text);
    assert.equal(parseRecording(text).state.kept, null);
  });

  test('a recording of the UI: the last 1,000 events are in it, at most twice as many', () => {
    const recorder = new Recorder();
    let state = newState(emptyModel(), [FIRST_SCREEN]);
    for (let now = 1; now <= 5 * KEPT_EVENTS + 10; now += 1) {
      const tick = { type: 'tick', now } as const;
      recorder.note(state, tick);
      ({ state } = update(state, tick));
    }
    const { events, state: first } = parseRecording(recorder.text() ?? assert.fail());
    assert.equal(events.length, KEPT_EVENTS + 10);
    assert.equal(first.model.now, 4 * KEPT_EVENTS);
  });

  test('what is no recording is refused with a hint', () => {
    for (const text of ['', '{}', '{"version":2,"program":"x","state":{},"events":[]}']) {
      assert.throws(() => parseRecording(text), /reading a recording of the UI/);
    }
  });
});

test('the keys of a replay step through the events and stay inside', () => {
  assert.deepEqual(
    [stepTo('right', 3, 5), stepTo('left', 0, 5), stepTo('end', 0, 5), stepTo('pagedown', 0, 5)],
    [4, 0, 5, 5],
  );
  assert.equal(stepTo('q', 3, 5), null);
  assert.equal(stepTo('z', 3, 5), 3);
});

function emptyModel(): Model {
  return newModel({
    area: { left: 0, top: 0, width: 80, height: 24 },
    unicode: true,
    language: 'en',
    now: 0,
    operator: 'anna',
  });
}
