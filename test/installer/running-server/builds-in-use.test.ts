import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildsInUse } from '../../../installer/running-server/builds-in-use.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { withMachine } from '../samples.ts';

const host = (state: string, buildId: string | null): object => ({
  name: 'pc-01',
  state,
  systemInfo: { hostname: null, engine: { programVersion: '0.2.0', buildId } },
});

describe('the builds that hosts run from', () => {
  test('the builds that hosts run from are those of the hosts that are there, each once', async () => {
    const hosts = [
      host('idle', 'build-b'),
      host('working', 'build-a'),
      host('idle', 'build-b'),
      host('off', 'build-c'),
      // Started by hand, of version 0.1, and one that has never been here.
      host('idle', null),
      { state: 'idle', systemInfo: {} },
      { state: 'off', systemInfo: null },
    ];
    await withMachine(
      async (system, calls) => {
        assert.deepEqual(await buildsInUse(system), ['build-b', 'build-a']);
        assert.deepEqual(
          calls.map(([, ...args]) => args),
          [['host', 'list', '--json']],
        );
      },
      () => JSON.stringify(hosts),
    );
  });

  for (const [what, answer] of [
    [
      'does not answer',
      (): string => {
        throw new OperatorError({ code: 'tool-failed', message: 'running openclone', hint: '-' });
      },
    ],
    ['says something else', () => '{}'],
    ['says no JSON', () => 'hello'],
  ] as const) {
    test(`the builds that hosts run from are not known when the server ${what}`, async () => {
      await withMachine(async (system) => {
        assert.equal(await buildsInUse(system), null);
      }, answer);
    });
  }
});
