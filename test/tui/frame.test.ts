/** The frame around the screens: pure. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answered } from '../../tui/requests.ts';
import type { UiEvent } from '../../tui/events.ts';
import { findTarget, viewOf } from '../../tui/frame.ts';
import { request } from '../../tui/actions.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { type State } from '../../tui/state.ts';
import { textsOf } from '../../tui/text/catalogue.ts';
import { BROKEN_OFF } from './sample-room.ts';
import {
  shown,
  start,
  SERVER,
  ROOM,
  MEMBERS,
  after,
  names,
  key,
  HOSTS,
  done,
  TEXT_BOX,
  IMAGES,
} from './pure-ui.ts';

describe('frame', () => {
  test('frame: a terminal smaller than 80x24 says so, and one that shows nothing says nothing else', () => {
    for (const language of ['en', 'de'] as const) {
      const size = (width: number, height: number): string => {
        const area = { left: 0, top: 0, width, height };
        return shown(start({ ...connected.model, area, language }));
      };
      assert.match(size(79, 24), /79x24.* 80x24/);
      assert.match(size(80, 23), /80x23.* 80x24/);
      assert.match(size(80, 23), /deploy win11 to|win11 verteilen auf/);
      assert.doesNotMatch(size(80, 24), /80x24/);
      assert.match(size(30, 8).replaceAll(/\s+/g, ' '), /30x8.* 80x24/);
      assert.doesNotMatch(size(30, 8), /win11/);
      assert.equal(size(1, 1).length <= 1, true);
    }
  });

  const connected = start({
    connection: { type: 'online', server: SERVER, since: 0 },
    status: ROOM.status,
    hosts: ROOM.hosts,
    groups: ROOM.groups,
    images: ROOM.images,
  });

  test('frame: heading, body and footer fill every size from 40x10 to 300x80', () => {
    for (const [width, height] of [
      [40, 10],
      [80, 24],
      [120, 40],
      [200, 50],
      [300, 80],
    ] as const) {
      const area = { left: 0, top: 0, width, height };
      for (const language of ['en', 'de'] as const) {
        for (const screen of [FIRST_SCREEN, MEMBERS]) {
          const state = start({ ...connected.model, area, language }, screen);
          const lines = shown(state).split('\n');
          assert.equal(lines.length, height);
          assert.match(lines[0] ?? '', /^ (OpenClone|Too small: .*|Zu klein: .*) ─ /);
          assert.match(lines.slice(-2).join(' '), /Enter|Space|Leer/);
        }
      }
    }
  });

  test('frame: a click on a key of the footer does what the key does', () => {
    const picture = viewOf(connected);
    const lines = shown(connected).split('\n');
    const row = lines.findIndex((text) => text.includes('i images'));
    const column = (lines[row] ?? '').indexOf('i images');
    assert.deepEqual(findTarget(picture, column, row), { type: 'command', name: 'images' });
    const { state } = after(connected, { type: 'clicked', column, row, isDouble: false });
    assert.deepEqual(names(state), ['overview', 'images']);
  });

  test('frame: a click on a row puts the cursor there', () => {
    const state = start(connected.model, FIRST_SCREEN, MEMBERS);
    const lines = shown(state).split('\n');
    const row = lines.findIndex((text) => text.includes('pc-23'));
    const clicked = after(state, { type: 'clicked', column: 10, row, isDouble: false });
    const { state: marked } = after(clicked.state, key('space'));
    assert.match(shown(marked), /\[ \] pc-23/);
    assert.match(shown(marked), /\[x\] pc-22/);
  });

  test('frame: a lost connection shows since when, above the data that is old', () => {
    const area = { left: 0, top: 0, width: 120, height: 24 };
    const { state } = after(start({ ...connected.model, area }), {
      type: 'lost',
      trouble: BROKEN_OFF,
      now: connected.model.now - 65_000,
    });
    assert.match(
      shown(state),
      /No connection for 1:05 min \(the connection broke off\).*this is old/,
    );
    assert.match(shown(state), /deploy win11 to room-1/);
  });

  test('frame while the connection is lost, nothing but the cursor has a colour', () => {
    const styles = (state: State): Set<string> =>
      new Set(
        viewOf(state).panels.flatMap((panel) =>
          panel.type === 'text' && panel.area.top > 0 && panel.area.top < 22
            ? panel.lines.flatMap((spans) => spans.map(({ style }) => style))
            : [],
        ),
      );
    assert.ok(styles(connected).has('good') && styles(connected).has('bad'));
    const lost: UiEvent = { type: 'lost', trouble: BROKEN_OFF, now: connected.model.now };
    assert.deepEqual(styles(after(connected, lost).state), new Set(['banner', 'dim', 'cursor']));
  });

  test('frame where not all keys fit the way out and the help are there, which has them all', () => {
    for (const language of ['en', 'de'] as const) {
      const state = start({ ...connected.model, language }, FIRST_SCREEN, HOSTS);
      const footer = shown(state).split('\n').slice(-2);
      assert.match(footer[1] ?? '', language === 'en' ? /\? help$/ : /\? Hilfe$/);
      assert.match(footer.join(' '), /Esc/);
      assert.doesNotMatch(footer.join(' '), / 3 /, 'there are more keys than have room');
      const column = (footer[1] ?? '').indexOf('? ');
      const help = findTarget(viewOf(state), column, 23);
      assert.deepEqual(help, { type: 'command', name: 'help' });
      const large = { ...connected.model.area, height: 60 };
      const { state: helped } = after(
        start({ ...connected.model, language, area: large }, FIRST_SCREEN, HOSTS),
        key('?'),
      );
      assert.match(shown(helped), /Esc/);
    }
  });

  test('frame: a request that takes long is named until it has been answered', () => {
    const asked = request('verifying win11', 'image.verify', { image: 'win11', allVersions: true });
    const sent = done({ ...connected, model: { ...connected.model, now: 0 } }, asked);
    const waiting = after(sent, { type: 'tick', now: 5000 });
    assert.match(shown(waiting.state), /verifying win11 \.\.\. 5 s/);
    const back = after(waiting.state, answered('image.verify', [], 1));
    assert.doesNotMatch(shown(done(back.state, { type: 'pop' })), /verifying/);
  });

  test('frame: the caret is where text is typed, and nowhere else', () => {
    assert.equal(viewOf(connected).caret, null);
    const state = start(connected.model, FIRST_SCREEN, TEXT_BOX);
    const { state: typing } = after(state, key('a'), key('b'));
    const { caret } = viewOf(typing);
    assert.ok(caret !== null);
    const text = shown(typing).split('\n')[caret.row] ?? '';
    assert.equal(text.slice(caret.column - 2, caret.column), 'ab');
  });

  test('frame: help lists every command of the screen with its keys, and why it is disabled', () => {
    const { state } = after(start({}, FIRST_SCREEN, IMAGES), key('?'));
    const { empty, renameHelp } = textsOf('en').images;
    assert.ok(shown(state).includes(renameHelp), shown(state));
    assert.ok(shown(state).includes(`not now: ${empty}`), shown(state));
    assert.match(shown(state), /Esc +Leaves this screen/);
  });
});
