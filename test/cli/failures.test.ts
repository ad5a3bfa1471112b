/** How the real program tells errors, and its exit status. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { ErrorReport } from '../../lib/model/error-report.ts';
import { runProgram, withSmallServer, withSocketPath } from './small-server.ts';

const notFound = new OperatorError({
  code: 'not-found',
  message: 'finding the image "win12": there is none',
  hint: '`openclone image list` shows what there is.',
});

describe('errors', () => {
  test('errors of the server are told with cause and hint, and give the exit status', async () => {
    await withSmallServer(
      { 'image.show': () => Promise.reject(notFound) },
      async ({ socketPath }) => {
        const text = await runProgram(socketPath, ['image', 'show', 'win12']);
        assert.equal(text.exitStatus, 9);
        assert.equal(text.stdout, '');
        assert.equal(
          text.stderr,
          'openclone: finding the image "win12": there is none\nhint: `openclone image list` shows what there is.\n',
        );
        const json = await runProgram(socketPath, ['image', '--json', 'show', 'win12']);
        assert.equal(json.exitStatus, 9);
        assert.equal(json.stderr, '');
        const { error } = z.object({ error: ErrorReport }).parse(JSON.parse(json.stdout));
        assert.equal(error.code, 'not-found');
      },
    );
  });

  test('errors end with 1 when no server listens', async () => {
    await withSocketPath(async (socketPath) => {
      const { stderr, exitStatus } = await runProgram(socketPath, ['status']);
      assert.equal(exitStatus, 1);
      assert.match(stderr, /^openclone: connecting to the server at .*: connect ENOENT/);
      assert.match(stderr, /^hint: .*systemctl start openclone/m);
    });
  });

  test('errors of the arguments end with 2, as JSON with --json', async () => {
    await withSocketPath(async (socketPath) => {
      const { stdout, exitStatus } = await runProgram(socketPath, ['host', 'lst', '--json']);
      assert.equal(exitStatus, 2);
      const { error } = z.object({ error: ErrorReport }).parse(JSON.parse(stdout));
      assert.equal(error.code, 'bad-argument');
    });
  });
});
