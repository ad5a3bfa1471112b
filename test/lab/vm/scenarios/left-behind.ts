/** Hosts that run what does not fit the server any more: they say so, and a new start fetches what fits. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  ENGINE_PROTOCOL_VERSION,
  SERVED_ENGINE_VERSIONS,
} from '../../../../lib/protocol/version.ts';
import { makeGoldenDisk } from '../disks.ts';
import type { RoomKind } from '../room.ts';
import { FULL_NFS, untilIdle, type Scenario } from '../scenario.ts';
import { said } from './server-away.ts';

/** Three minutes in place of ten until the watchdog restarts a host that cannot log on. */
const HURRIED: RoomKind = { ...FULL_NFS, watchdogSeconds: 3 };
const CANNOT_LOG_ON =
  /openclone: the server answers, but the engine cannot log on; this host restarts/;

export const certificateReplaced: Scenario = {
  name: 'certificate-replaced',
  title:
    'a host says that the server has another certificate, and does its work when the root file system was built again',
  inCi: false,
  room: HURRIED,
  run: async (room) => {
    const disk = await makeGoldenDisk(room.run, room.directory);
    const host = await room.addHost({ disk: disk.file });
    host.powerOn();
    await untilIdle(room, host);
    await room.server.stop();
    rmSync(dirname(room.server.certificateFile), { recursive: true });
    await room.server.start();
    await said(
      room,
      host,
      /openclone: state=connecting [^\r\n]*problem="connecting to the server: it has another certificate than the one this engine was given/,
    );
    await room.buildRootfs();
    await room.server.cli([
      'capture',
      host.mac,
      '--disk',
      'only',
      '--name',
      'golden',
      '--then',
      'reboot',
      '--detach',
    ]);
    await said(room, host, CANNOT_LOG_ON);
    await said(room, host, new RegExp(`openclone: state=working [^\\r\\n]*build=${room.buildId}`));
    await said(room, host, new RegExp(disk.marker));
    await host.powerOff();
  },
};

export const oldEngine: Scenario = {
  name: 'old-engine',
  title:
    'a host with the engine of an older release says so, and has the new one after a start of its own accord',
  inCi: false,
  room: HURRIED,
  run: async (room) => {
    await room.buildRootfs(older);
    const old = room.buildId;
    const host = await room.addHost();
    host.powerOn();
    await said(
      room,
      host,
      new RegExp(
        `openclone: state=connecting [^\\r\\n]*build=${old} problem="the engine speaks protocol ${TOO_OLD}, the server ${ENGINE_PROTOCOL_VERSION}`,
      ),
    );
    await room.buildRootfs();
    assert.notEqual(room.buildId, old);
    await said(room, host, CANNOT_LOG_ON);
    const line = await untilIdle(room, host);
    assert.match(line, new RegExp(`build=${room.buildId}`));
    await host.powerOff();
  },
};

/** One that is not served any more. */
const TOO_OLD = Math.min(...SERVED_ENGINE_VERSIONS) - 1;

/** The engine's program with that protocol. */
function older(program: string): string {
  const mine = `ENGINE_PROTOCOL_VERSION = ${ENGINE_PROTOCOL_VERSION};`;
  assert.equal(program.split(mine).length, 2, 'the bundle names the protocol once');
  return program.replace(mine, `ENGINE_PROTOCOL_VERSION = ${TOO_OLD};`);
}
