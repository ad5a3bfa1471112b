import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BuildId } from '../../lib/model/build-file.ts';
import { activateBuild, listBuilds, pruneBuilds, rollBack } from '../../netboot-rootfs/activate.ts';
import { buildRootfs } from '../../netboot-rootfs/build.ts';
import { scratchNetboot, type ScratchNetboot } from './scratch-netboot.ts';

async function buildAt(scratch: ScratchNetboot, time: string): Promise<BuildId> {
  const now = new Date(`2026-11-21T${time}Z`);
  return (await buildRootfs(scratch.run, scratch.options({ now }))).file.id;
}

/** When no build is of the last day any more. */
function afterDays(): Date {
  return new Date(Date.now() + 2 * 24 * 60 * 60 * 1000);
}

function link(scratch: ScratchNetboot, name: string): string {
  return readlinkSync(join(scratch.netboot, name));
}

test('Activating puts the kernel into TFTP and switches the links; going back switches them back.', async (t) => {
  const scratch = scratchNetboot(t);
  const [a, b] = [await buildAt(scratch, '10:00:00'), await buildAt(scratch, '11:00:00')];
  await activateBuild(scratch, a);
  assert.equal(link(scratch, 'current'), `builds/${a}`);
  assert.ok(!existsSync(join(scratch.netboot, 'previous')));
  await assert.rejects(rollBack(scratch), { code: 'not-found' });
  assert.equal((await activateBuild(scratch, null)).id, b);
  assert.equal(link(scratch, 'current'), `builds/${b}`);
  assert.equal(link(scratch, 'previous'), `builds/${a}`);
  assert.deepEqual(readdirSync(join(scratch.tftp, 'boot')).sort(), [a, b]);
  assert.equal(readFileSync(join(scratch.tftp, 'boot', b, 'vmlinuz'), 'utf8'), 'kernel\n');
  // Once more changes nothing: above all, previous is not current.
  await activateBuild(scratch, b);
  assert.equal(link(scratch, 'previous'), `builds/${a}`);
  assert.equal((await rollBack(scratch)).id, a);
  assert.equal(link(scratch, 'current'), `builds/${a}`);
  assert.equal(link(scratch, 'previous'), `builds/${b}`);
});

test('What is no build cannot be activated, and changes nothing.', async (t) => {
  const scratch = scratchNetboot(t);
  const id = await buildAt(scratch, '10:00:00');
  await activateBuild(scratch, id);
  const unknown = BuildId.parse('20200101-000000-0000');
  await assert.rejects(activateBuild(scratch, unknown), { code: 'not-found' });
  mkdirSync(join(scratch.netboot, 'builds', unknown));
  await assert.rejects(activateBuild(scratch, unknown), { code: 'not-found' });
  assert.equal(link(scratch, 'current'), `builds/${id}`);
});

test('The rest of a killed activation is no kernel, and is cleared.', async (t) => {
  const scratch = scratchNetboot(t);
  const id = await buildAt(scratch, '10:00:00');
  const rest = join(scratch.tftp, 'boot/.new-killed');
  mkdirSync(rest, { recursive: true });
  writeFileSync(join(rest, 'vmlinuz'), 'half');
  await activateBuild(scratch, id);
  assert.deepEqual(readdirSync(join(scratch.tftp, 'boot')), [id]);
  assert.deepEqual(readdirSync(join(scratch.tftp, 'boot', id)).sort(), ['initrd.img', 'vmlinuz']);
});

test('Pruning keeps current, previous and newer builds, with their bases and kernels.', async (t) => {
  const scratch = scratchNetboot(t);
  const old = await buildAt(scratch, '08:00:00');
  await activateBuild(scratch, old);
  const { recipe } = scratch.options();
  const other = await buildRootfs(
    scratch.run,
    scratch.options({
      now: new Date('2026-11-21T09:00:00Z'),
      recipe: { ...recipe, packages: ['kmod'] },
    }),
  );
  const [a, b, c] = [
    await buildAt(scratch, '10:00:00'),
    await buildAt(scratch, '11:00:00'),
    await buildAt(scratch, '12:00:00'),
  ];
  await activateBuild(scratch, a);
  await activateBuild(scratch, b);
  assert.deepEqual(await pruneBuilds(scratch, afterDays()), [old, other.file.id]);
  const rows = await listBuilds(scratch.netboot);
  assert.deepEqual(
    rows.map(({ file }) => file.id),
    [a, b, c],
  );
  assert.deepEqual(
    rows.map(({ current, previous }) => [current, previous]),
    [
      [false, true],
      [true, false],
      [false, false],
    ],
  );
  assert.equal(readdirSync(join(scratch.netboot, 'bases')).length, 1);
  assert.deepEqual(readdirSync(join(scratch.tftp, 'boot')).sort(), [a, b]);
  assert.ok(existsSync(join(scratch.netboot, 'builds', a, 'rootfs/etc/shared')));
  assert.deepEqual(await pruneBuilds(scratch, afterDays()), []);
});

test('A build that was current within the last day stays, and one that hosts run from.', async (t) => {
  const scratch = scratchNetboot(t);
  const ids: BuildId[] = [];
  for (const time of ['08:00:00', '09:00:00', '10:00:00']) {
    const id = await buildAt(scratch, time);
    // As if each had been made long ago: that it was current yet counts.
    utimesSync(join(scratch.netboot, 'builds', id), 1_000_000, 1_000_000);
    ids.push(id);
  }
  for (const id of ids) await activateBuild(scratch, id);
  assert.deepEqual(await pruneBuilds(scratch, new Date()), []);
  const [first] = ids;
  assert.ok(first !== undefined);
  assert.ok(existsSync(join(scratch.netboot, 'builds', first, 'rootfs/etc/shared')));
  assert.ok(existsSync(join(scratch.tftp, 'boot', first, 'vmlinuz')));
  assert.deepEqual(await pruneBuilds(scratch, afterDays(), ['another', first]), []);
  assert.ok(existsSync(join(scratch.netboot, 'builds', first, 'rootfs/etc/shared')));
  assert.deepEqual(await pruneBuilds(scratch, afterDays()), [first]);
});

test('Without an active build nothing is pruned.', async (t) => {
  const scratch = scratchNetboot(t);
  await buildAt(scratch, '10:00:00');
  assert.deepEqual(await pruneBuilds(scratch, afterDays()), []);
});
