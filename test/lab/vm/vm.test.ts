/** Virtual machines boot by network from the services as the installer sets them up: what CI shows of scenarios/table.ts. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DEFAULT_SUITE } from '../install/suite.ts';
import { runScenarios } from './run-scenarios.ts';
import { describeRoom } from './scenario.ts';
import { SCENARIOS } from './scenarios/table.ts';

describe('virtual machines that boot by network', { concurrency: false }, () => {
  const inCi = SCENARIOS.filter((scenario) => scenario.inCi);
  const kinds = new Set(inCi.map(({ room }) => describeRoom(room)));
  for (const kind of kinds) {
    const group = inCi.filter(({ room }) => describeRoom(room) === kind);
    test(`virtual machines that boot by network: ${group.map(({ title }) => title).join('; ')}`, async () => {
      const outcomes = await runScenarios(group, DEFAULT_SUITE, {
        onFailure: (room, { name }) =>
          room.saveLogs(`/var/tmp/openclone-vm-${name}-${process.pid}`),
      });
      assert.equal(outcomes.length, group.length);
      for (const { error } of outcomes) assert.ifError(error);
      const left = readdirSync('/run/netns').filter((name) =>
        name.startsWith(`ocvm-${process.pid}-`),
      );
      assert.deepEqual(left, []);
    });
  }
});
