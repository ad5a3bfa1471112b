/** An approved host that says of its run as much as it can: the store stays small, and operators see the task. */

import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { verbatim } from '../../lib/model/messages/table.ts';
import { captureTask } from '../support/task-requests.ts';
import { underAttack } from './attacked-server.ts';
import { logOn, macOf } from './stated-host.ts';

const MIB = 1024 * 1024;
const TEXT = '🙂'.repeat(128);
const STEPS = 1000;
/** A message of a host has an end. */
const AT_ONCE = 25;

test('a host that says twenty long notes and a long error of each of a thousand steps leaves a store of less than 2 MiB', async () => {
  await underAttack(async (server) => {
    const { call } = await server.operator();
    await call('settings.set', { automaticRegistration: true });
    const engine = await server.engine({ localAddress: '127.0.5.1' });
    await logOn(engine, 1);
    const task = await call(
      'task.create',
      captureTask({
        host: macOf(1),
        disk: { type: 'only' },
        imageName: 'image',
        compression: 'zstd',
        afterwards: null,
      }),
    );
    const { runId } = z.object({ runId: z.string() }).parse(await engine.call('nextOperation', {}));
    const names = Array.from({ length: STEPS }, (_, index) => `write-p${index}`);
    const title = verbatim('writing');
    let said = 0;
    const report = async (...events: unknown[]): Promise<void> => {
      const told = { runId, firstSequence: said + 1, events, progress: null };
      await engine.call('statusUpdate', told);
      said += events.length;
    };
    const steps = names.map((id) => ({ id, title, totalBytes: null, writes: true }));
    await report({ type: 'plan', disk: '', steps });
    const texts = { message: TEXT.repeat(15), hint: TEXT.repeat(15) };
    const error = { code: 'internal-error', ...texts, causes: [] };
    const notes = Array.from({ length: 20 }, () => verbatim(TEXT));
    for (let first = 0; first < STEPS; first += AT_ONCE) {
      const ends = names.slice(first, first + AT_ONCE).map((stepId) => ({
        type: 'step-ended',
        stepId,
        state: 'warned',
        doneBytes: 0,
        notes,
        error,
      }));
      await report(...ends);
    }
    // What was sent is far more.
    assert.ok(Buffer.byteLength(JSON.stringify([notes, error])) * STEPS > 20 * MIB);
    const { size } = await stat(join(server.directory, 'data/store.json'));
    assert.ok(size < 2 * MIB, `${size} bytes`);
    const shown = await call('task.show', { task: task.id });
    assert.equal(shown.task.runs[0]?.steps.at(-1)?.notes[0]?.id, 'note.notes-left-out');
    assert.ok((await server.serviceMs(30)) > 0);
  });
});
