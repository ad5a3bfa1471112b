/** What a host is doing, as the server says it and as operators see it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  conditionOf,
  hostState,
  powerOf,
  workingHosts,
} from '../../../lib/rules/host-condition.ts';
import { doneRun, sampleTask, workingRun } from '../../support/tasks.ts';

test('a host that is not connected is off, even while a run of it is under way', () => {
  assert.equal(hostState({ isConnected: false, isWorking: true }), 'off');
  assert.equal(hostState({ isConnected: true, isWorking: true }), 'working');
  assert.equal(hostState({ isConnected: true, isWorking: false }), 'idle');
});

test('the hosts that work are those with a run under way, of whatever task', () => {
  const tasks = [sampleTask([workingRun(1), doneRun(2)]), sampleTask([doneRun(1), workingRun(3)])];
  assert.deepEqual([...workingHosts(tasks)], ['host-0000000001', 'host-0000000003']);
});

test('a host is waking only while it is off', () => {
  assert.equal(powerOf({ state: 'off' }, true), 'waking');
  assert.equal(powerOf({ state: 'off' }, false), 'off');
  assert.equal(powerOf({ state: 'idle' }, true), 'ready');
  assert.equal(powerOf({ state: 'working' }, true), 'working');
});

test('a host that nobody has approved is pending, whether it is on or off', () => {
  for (const state of ['off', 'idle', 'working'] as const) {
    assert.equal(conditionOf({ state, approval: 'pending' }, true), 'pending');
    assert.notEqual(conditionOf({ state, approval: 'approved' }, true), 'pending');
  }
});
