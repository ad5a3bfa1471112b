/** The root update: pure. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answered } from '../../tui/requests.ts';
import { request, screenOf } from '../../tui/actions.ts';
import { TOP } from '../../tui/values/selection.ts';
import { followAll } from '../../tui/follow.ts';
import type { Action, Screen } from '../../tui/screen-states.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { textsOf } from '../../tui/text/catalogue.ts';
import {
  names,
  done,
  start,
  after,
  key,
  IMAGES,
  shown,
  GROUP,
  ROOM,
  HOSTS,
  TEXT_BOX,
  MEMBERS,
} from './pure-ui.ts';

const GROUPS = screenOf('groups', { selection: TOP });

const MESSAGE = screenOf('message', { title: 'Other', texts: ['text'], style: 'plain' });

describe('update', () => {
  test('update: actions push, pop, replace, close by name and go home', () => {
    const run = (...actions: readonly Action[]): string[] =>
      names(done(start({}, FIRST_SCREEN, GROUPS), ...actions));
    assert.deepEqual(run({ type: 'push', screen: MESSAGE }), ['overview', 'groups', 'message']);
    assert.deepEqual(run({ type: 'pop' }), ['overview']);
    assert.deepEqual(run({ type: 'replace', screen: MESSAGE }), ['overview', 'message']);
    assert.deepEqual(run({ type: 'home', screen: MESSAGE }), ['message']);
    const closing: Action[] = [
      { type: 'push', screen: MESSAGE },
      { type: 'close', name: 'groups' },
    ];
    assert.deepEqual(run(...closing), ['overview', 'message']);
  });

  test('update: the last screen cannot be left', () => {
    const { state } = after(done(start({}, GROUPS), { type: 'pop' }), key('escape'));
    assert.deepEqual(names(state), ['groups']);
  });

  test('update: a disabled command says why, does nothing, and the notice goes with the next key', () => {
    const { state, effects } = after(start({}, FIRST_SCREEN, IMAGES), key('e'));
    assert.deepEqual(effects, []);
    const { rename, empty } = textsOf('en').images;
    assert.ok(shown(state).includes(`${rename}: ${empty}`), shown(state));
    assert.ok(!shown(after(state, key('up')).state).includes(`${rename}: `));
  });

  test('update: a request has an id, and its answer is taken once', () => {
    const asked = request('adding', 'group.create', { name: 'x', hosts: [] }, [
      { type: 'notice', text: 'it is there', isBad: false },
    ]);
    const before = done(start({}, FIRST_SCREEN, GROUPS), asked);
    const [pending] = before.model.pending;
    const answer = answered('group.create', GROUP, pending?.id);
    const once = after(before, answer);
    assert.equal(once.state.model.notice?.text, 'it is there');
    assert.deepEqual(
      once.state.model.pending.filter(({ isQuiet }) => !isQuiet),
      [],
    );
    const twice = after(once.state, key('up'), answer);
    assert.equal(twice.state.model.notice, null);
  });

  test('update nothing remembers a password that was sent', () => {
    const login = { name: 'anna', password: 'secret-12' };
    const { state, effects } = followAll({ state: start(), effects: [] }, [
      request('logging in', 'operator.login', login),
    ]);
    assert.ok(!JSON.stringify(state).includes('secret-12'));
    assert.ok(JSON.stringify(effects).includes('secret-12'));
  });

  test('update: the state is plain data: written and read again it is the same', () => {
    const state = after(
      start({ hosts: ROOM.hosts, groups: ROOM.groups, images: ROOM.images, status: ROOM.status }),
      ...['h', 'space', 'space', 'm', 'down', 'escape', 'x', 'escape', 'u'].map(key),
    ).state;
    assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
    assert.deepEqual(names(state), ['overview', 'hosts', 'name-rule']);
  });

  test('update: a notice is gone after five seconds of ticks, and Esc is there with it in both languages', () => {
    const notice: Action = { type: 'notice', text: 'done that', isBad: false };
    for (const language of ['en', 'de'] as const) {
      const first = after(
        done(start({ language }, FIRST_SCREEN, HOSTS), notice),
        { type: 'tick', now: 1_000_000 },
        { type: 'tick', now: 1_004_000 },
      );
      assert.match(shown(first.state), /done that/);
      assert.match(shown(first.state), /Esc (back|zurück)/);
      const later = after(first.state, { type: 'tick', now: 1_005_000 });
      assert.doesNotMatch(shown(later.state), /done that/);
    }
  });

  test('update: a notice that is longer than a line is shown whole at 80x24, in both languages', () => {
    const path = '/home/administrator/.local/state/openclone/ui-2026-12-01T11-30-00.000Z.json';
    for (const language of ['en', 'de'] as const) {
      const text = textsOf(language).common.recorded(path);
      const notice: Action = { type: 'notice', text, isBad: false };
      const picture = shown(done(start({ language }, FIRST_SCREEN, HOSTS), notice));
      assert.ok(picture.includes(` ${path}`), picture);
      assert.equal(picture.split('\n').length, 24);
    }
  });

  test('update: a notice that is longer than the rows of keys is cut at its end', () => {
    const notice: Action = { type: 'notice', text: 'many words '.repeat(40), isBad: false };
    const picture = shown(done(start({}, FIRST_SCREEN, HOSTS), notice)).split('\n');
    assert.equal(picture.length, 24);
    assert.match(picture.at(-1) ?? '', /^ many words .*[~…]$/);
  });

  test('update: a key that does nothing here is answered; one that moves, types or acts is not', () => {
    const pressed = (name: string, ...screens: readonly Screen[]): string | undefined =>
      after(start({ hosts: ROOM.hosts }, ...screens), key(name)).state.model.notice?.text;
    assert.match(pressed('z', FIRST_SCREEN, HOSTS) ?? '', /^z does nothing here; \? shows/);
    assert.match(pressed('C-w', FIRST_SCREEN) ?? '', /^Ctrl-W does nothing here/);
    const question = screenOf('confirm', { title: 'C', texts: ['c'], label: 'do', actions: [] });
    assert.match(pressed('?', FIRST_SCREEN, question) ?? '', /^\? does nothing here; the keys/);
    assert.equal(pressed('down', FIRST_SCREEN, HOSTS), undefined);
    assert.equal(pressed('h', FIRST_SCREEN), undefined);
    assert.equal(pressed('z', FIRST_SCREEN, TEXT_BOX), undefined);
  });

  test('update: Ctrl-C quits from every kind of screen', () => {
    const question = screenOf('confirm', { title: 'C', texts: ['c'], label: 'do', actions: [] });
    for (const top of [MEMBERS, TEXT_BOX, MESSAGE, question]) {
      const { effects } = after(start({}, FIRST_SCREEN, top), key('C-c'));
      assert.deepEqual(effects, [{ type: 'quit' }], top.name);
    }
  });

  test('update: letters typed into a field are text, not commands', () => {
    const typing = after(start({}, FIRST_SCREEN, TEXT_BOX), key('q'), key('?'), key('h'));
    assert.deepEqual(names(typing.state), ['overview', 'group-add']);
    assert.match(shown(typing.state), /q\?h_/);
  });

  test('update: a refused request opens a message above what is there', () => {
    const asked = request('deleting the image win11', 'group.list', {});
    const { state } = after(done(start(), asked), {
      type: 'refused',
      id: 1,
      report: { code: 'not-allowed', message: 'it is used', hint: 'Wait.', causes: [] },
    });
    assert.match(shown(state), /Failed: deleting the image win11/);
    assert.match(shown(state), /Wait\./);
    assert.deepEqual(names(after(state, key('escape')).state), ['overview']);
  });

  test('update answers reach the screens below a dialog as well', () => {
    const tasks = screenOf('tasks', { selection: TOP, read: [], limit: 40 });
    const { state } = after(
      start({}, tasks, MESSAGE),
      answered('task.list', [...ROOM.tasks]),
      key('up'),
    );
    const [below] = state.screens;
    assert.equal(below.name === 'tasks' ? below.state.read.length : 0, ROOM.tasks.length);
  });
});
