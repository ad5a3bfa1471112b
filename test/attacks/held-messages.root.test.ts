/** Messages that are begun and never ended, by strangers that answer every ping. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underAttack } from './attacked-server.ts';

const PIECE = Buffer.alloc(1024 * 1024, 0x20);
const CONNECTIONS = 40;

test('of messages that are never ended nothing is kept, and others are served', async () => {
  await underAttack(async (server) => {
    const before = await server.memoryMiB();
    for (let count = 0; count < CONNECTIONS; count += 1) {
      const stranger = await server.engine();
      for (let piece = 0; piece < 31; piece += 1) stranger.socket.send(PIECE, { fin: false });
    }
    // As many that keep just below what is too long.
    for (let count = 0; count < CONNECTIONS; count += 1) {
      const stranger = await server.engine();
      for (let piece = 0; piece < 60; piece += 1) {
        stranger.socket.send(PIECE.subarray(0, 1024), { fin: false });
      }
    }
    await server.hasLogged('message-refused');
    const waited = await server.serviceMs();
    assert.ok(waited < 10_000, `others waited ${Math.round(waited)} ms`);
    const peak = await server.peakMiB();
    assert.ok(peak - before < 150, `${Math.round(before)} MiB became ${Math.round(peak)}`);
  });
});
