import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LoginThrottle } from '../../../server/login/throttle.ts';

const EARLY = { code: 'unauthorized' };

function clocked(): { readonly throttle: LoginThrottle; readonly pass: (ms: number) => void } {
  let now = 0;
  return {
    throttle: new LoginThrottle(() => now),
    pass: (ms) => {
      now += ms;
    },
  };
}

describe('wrong passwords', () => {
  test('wrong passwords cost nothing three times, then a pause that doubles up to a minute', () => {
    const { throttle, pass } = clocked();
    for (let wrong = 0; wrong < 3; wrong += 1) throttle.begin(['name eva']);
    for (const pauseMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      pass(pauseMs - 1);
      assert.throws(() => throttle.begin(['name eva']), EARLY);
      pass(1);
      throttle.begin(['name eva']);
    }
  });

  test('wrong passwords: tried at the same time do not pass each other', () => {
    const { throttle } = clocked();
    for (let wrong = 0; wrong < 3; wrong += 1) throttle.begin(['name eva']);
    assert.throws(() => throttle.begin(['name eva']), EARLY);
  });

  test('wrong passwords for many names count for the address; other addresses and names are free', () => {
    const { throttle } = clocked();
    for (const name of ['a', 'b', 'c']) throttle.begin([`name ${name}`, 'address 1']);
    assert.throws(() => throttle.begin(['name d', 'address 1']), EARLY);
    throttle.begin(['name a', 'address 2']);
  });

  test('wrong passwords are forgotten for the name after a right one, and stay for the address', () => {
    const { throttle } = clocked();
    throttle.begin(['name eva', 'address 1']);
    throttle.begin(['name eva', 'address 1']);
    throttle.begin(['name own', 'address 1']);
    throttle.succeeded(['name own', 'address 1']);
    throttle.begin(['name tom', 'address 1']);
    assert.throws(() => throttle.begin(['name tom', 'address 1']), EARLY);
    throttle.succeeded(['name eva']);
    for (let wrong = 0; wrong < 3; wrong += 1) throttle.begin(['name eva', 'address 2']);
  });

  test('wrong passwords are forgotten after an hour', () => {
    const { throttle, pass } = clocked();
    for (let wrong = 0; wrong < 3; wrong += 1) throttle.begin(['name eva']);
    pass(3_600_001);
    for (let wrong = 0; wrong < 3; wrong += 1) throttle.begin(['name eva']);
  });

  test('wrong passwords for more names than are kept do not free the address', () => {
    const { throttle, pass } = clocked();
    for (let index = 0; index < 10_100; index += 1) {
      throttle.begin([`name ${index}`, 'address 1']);
      pass(60_000);
    }
    throttle.begin(['name x', 'address 1']);
    assert.throws(() => throttle.begin(['name x', 'address 1']), EARLY);
  });
});
