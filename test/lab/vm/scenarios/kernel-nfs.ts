/** The kernel's NFS server goes away during a job, and with the whole server, and comes back. */

import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { makeBlankDisk, makeGoldenDisk } from '../disks.ts';
import type { Machine } from '../machine.ts';
import type { RoomKind, VmRoom } from '../room.ts';
import { FULL_NFS, untilIdle, type Scenario } from '../scenario.ts';
import { BACK, said, SAYS_AWAY } from './server-away.ts';

const KERNEL_NFS: RoomKind = { ...FULL_NFS, nfsServer: 'kernel' };
const Tasks = z.array(z.object({ runs: z.array(z.object({ state: z.string() })) }));
/** An interrupted run may still begin again. */
const ENDED = ['completed', 'failed', 'aborted', 'warned'];
const POLL_MS = 2000;
const MOST_POLLS = 450;

export const kernelNfs: Scenario = {
  name: 'kernel-nfs',
  title:
    "with the kernel's NFS server, a job goes on when NFS was away, and hosts come back by themselves after a power cut of the server, idle or at work",
  inCi: false,
  room: KERNEL_NFS,
  run: async (room) => {
    const golden = await makeGoldenDisk(room.run, room.directory);
    const source = await room.addHost({ disk: golden.file });
    const target = await room.addHost({ disk: makeBlankDisk(room.directory, 'target') });
    source.powerOn();
    await untilIdle(room, source);
    await room.server.cli([
      'capture',
      source.mac,
      '--disk',
      'only',
      '--name',
      'golden',
      '--detach',
    ]);
    await said(room, source, /openclone: state=working [^\r\n]*step=/);
    await room.stopNfs();
    const [during] = await said(
      room,
      source,
      /openclone: (the engine does not move|state=(done|idle) )/,
    );
    await room.startNfs();
    assert.deepEqual(await untilEnded(room), ['completed']);
    target.powerOn();
    await untilIdle(room, target);
    source.console.skip();
    await deploy(room, target);
    await said(room, target, /openclone: state=working [^\r\n]*step=/);
    await room.cutServer();
    const [words] = await said(room, source, SAYS_AWAY);
    const [atWork] = await said(room, target, SAYS_AWAY);
    await room.restoreServer();
    // Its last work stays on its screen.
    const [back] = await said(room, source, new RegExp(`openclone: state=done |${BACK.source}`));
    // By unicast its image does not come: it says so, and can be deployed to again without anybody having been there. If
    // its engine stood still, the watchdog restarts it, and the run begins again.
    const [ended] = await untilEnded(room);
    if (ended === 'failed') await deploy(room, target);
    await said(room, target, new RegExp(golden.marker));
    assert.deepEqual(await untilEnded(room), ['completed']);
    return `without NFS: "${during}"; without the server: "${words}", at work: "${atWork}" (${ended ?? 'no run'}), then "${back}"`;
  },
};

async function deploy({ server }: VmRoom, { mac }: Machine): Promise<void> {
  await server.cli([
    'deploy',
    'golden',
    '--to',
    mac,
    '--transport',
    'unicast',
    '--then',
    'reboot',
    '--yes',
    '--detach',
  ]);
}

/** How the runs of the latest task ended. */
async function untilEnded(room: VmRoom): Promise<string[]> {
  for (let polls = 0; ; polls += 1) {
    room.signal?.throwIfAborted();
    const [task] = Tasks.parse(await room.server.cli(['task', 'list', '--limit', '1']));
    const states = (task?.runs ?? []).map(({ state }) => state);
    if (states.every((state) => ENDED.includes(state)) || polls === MOST_POLLS) return states;
    await setTimeout(POLL_MS);
  }
}
