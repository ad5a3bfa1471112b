import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Connections } from '../../../server/net/connections.ts';

const LIMITS = { strangersPerAddress: 2, perAddress: 3, strangers: 4, inAll: 6 };

/** A door, and what became of its connections. */
function door(): {
  connections: Connections<string>;
  come: (key: string, address: string) => boolean;
  ended: string[];
} {
  const connections = new Connections<string>(LIMITS);
  const ended: string[] = [];
  return {
    connections,
    ended,
    come: (key, address) => connections.admit(key, address, () => ended.push(key)),
  };
}

describe('the connections of a door', () => {
  test('the connections of a door are so many of one address: the oldest stranger makes room', () => {
    const { come, ended } = door();
    for (const key of ['a1', 'a2', 'a3']) assert.ok(come(key, 'a'));
    assert.deepEqual(ended, ['a1']);
  });

  test('the connections of a door who is known keeps the place, and who is a stranger again does not', () => {
    const { connections, come, ended } = door();
    for (const key of ['a1', 'a2']) {
      come(key, 'a');
      connections.settle(key);
    }
    come('a3', 'a');
    connections.settle('a3');
    assert.equal(come('a4', 'a'), false);
    assert.deepEqual(ended, ['a4']);
    connections.unsettle('a2');
    assert.ok(come('a5', 'a'));
    assert.deepEqual(ended, ['a4', 'a2']);
  });

  test('the connections of a door are so many in all: the oldest of the address that has most makes room', () => {
    const { come, ended } = door();
    come('a1', 'a');
    come('b1', 'b');
    come('b2', 'b');
    come('c1', 'c');
    come('d1', 'd');
    assert.deepEqual(ended, ['b1']);
  });

  test('the connections of a door of known ones in all are so many that a newcomer is refused', () => {
    const { connections, come, ended } = door();
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      come(key, key);
      connections.settle(key);
    }
    assert.equal(come('g', 'g'), false);
    assert.deepEqual(ended, ['g']);
    connections.release('c');
    assert.ok(come('h', 'h'));
    assert.equal(connections.size, 6);
  });

  test('the connections of a door are forgotten when they are over, also twice', () => {
    const { connections, come, ended } = door();
    for (let round = 0; round < 10; round += 1) {
      come('a1', 'a');
      connections.settle('a1');
      connections.release('a1');
      connections.release('a1');
    }
    assert.equal(connections.size, 0);
    for (const key of ['a', 'b', 'c', 'd']) come(key, key);
    assert.deepEqual(ended, []);
  });
});
