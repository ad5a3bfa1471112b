import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { render } from '../../../lib/messages/render.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { LoginEnd } from '../../../lib/protocol/connection-end.ts';
import { LoginRegistry } from '../../../server/login/login-registry.ts';

type Fixture = {
  readonly sessions: LoginRegistry;
  readonly pass: (ms: number) => void;
  readonly closed: string[];
  readonly closer: (name: string) => (end: LoginEnd) => void;
};

function fixture(): Fixture {
  let now = 0;
  const closed: string[] = [];
  return {
    sessions: new LoginRegistry({ clock: () => now, idleMs: () => 60_000 }),
    pass: (ms) => {
      now += ms;
    },
    closed,
    closer: (name) => (end) => closed.push(`${name}: ${render('en', end)}`),
  };
}

const CHANGED = 'other: the password of this operator was changed';

describe('a login', () => {
  test('a login ends when nothing was done for long, on all its connections', () => {
    const { sessions, pass, closed, closer } = fixture();
    const session = sessions.open('eva', closer('one'));
    sessions.resume(session.token, closer('two'));
    pass(59_999);
    sessions.expire();
    assert.deepEqual(closed, []);
    session.touch();
    pass(59_999);
    sessions.expire();
    assert.deepEqual(closed, []);
    pass(1);
    sessions.expire();
    const reason = 'logged out after 1 min without a key';
    assert.deepEqual(closed, [`one: ${reason}`, `two: ${reason}`]);
    assert.equal(sessions.resume(session.token, closer('three')), null);
  });

  test('a login goes on over another connection, but not with another token, and not when its time is over', () => {
    const { sessions, pass, closed, closer } = fixture();
    const close = closer('one');
    const session = sessions.open('eva', close);
    sessions.disconnected(session, close);
    assert.equal(sessions.resume(session.token, closer('two'))?.operator, 'eva');
    assert.equal(sessions.resume('A'.repeat(43), closer('other')), null);
    pass(60_000);
    assert.equal(sessions.resume(session.token, closer('late')), null);
    assert.deepEqual(closed, ['two: logged out after 1 min without a key']);
  });

  test('a login ends with all of the same operator but one', () => {
    const { sessions, closed, closer } = fixture();
    const own = sessions.open('eva', closer('own'));
    sessions.open('eva', closer('other'));
    sessions.open('tom', closer('tom'));
    sessions.endAllOf('eva', own, message('login.password-changed'));
    assert.deepEqual(closed, [CHANGED]);
    sessions.renamed('eva', 'eve');
    assert.equal(own.operator, 'eve');
    sessions.endAllOf('eve', null, message('login.account-deleted'));
    assert.deepEqual(closed, [CHANGED, 'own: the account was deleted']);
  });
});
