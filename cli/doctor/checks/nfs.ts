/** Hosts can mount their root file system, and nothing else of ours is exported. */

import { mkdtemp, readFile, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { causesOf, OperatorError } from '../../../lib/errors.ts';
import type { Run } from '../../../lib/exec/run.ts';
import type { Site, Subnet } from '../../../lib/model/site.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Build } from '../build.ts';
import type { Check, CheckedServer } from '../check.ts';
import { cutSaid, failure, ok, saidBy, skipped, type Finding, type Words } from '../finding.ts';
import { subnetLabel } from '../firmware.ts';

/** What the kernel's server exports now (exportfs(8)). */
const EXPORT_TABLE = '/var/lib/nfs/etab';

export const nfs: Check = {
  name: 'nfs',
  title: message('check.nfs'),
  rootBecause: message('root.mount'),
  needs: { address: true, unit: 'nfs-server.service' },
  perform: async (server) => {
    const { dataDirectory, site } = server;
    const table = await readFile(EXPORT_TABLE, 'utf8').catch(() => '');
    const exports = judgeExports(parseExports(table), site, dataDirectory);
    if (site.rootTransport !== 'nfs') {
      return exports.length > 0 ? exports : [skipped('', message('nfs.root-by-http'))];
    }
    const mounts = await Promise.all(site.subnets.map((subnet) => tryMount(server, subnet)));
    return [...exports, ...mounts];
  },
};

export type Export = { readonly path: string; readonly client: string; readonly writable: boolean };

/** Reads /var/lib/nfs/etab: a path, a tab, a client with options; spaces in paths are octal (exports(5)). */
export function parseExports(text: string): Export[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\S+)\t(.+)\(([^)]*)\)$/.exec(line);
    if (match === null) return [];
    const [, path = '', client = '', options = ''] = match;
    const plain = path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    );
    return [{ path: plain, client, writable: options.split(',').includes('rw') }];
  });
}

/** What is wrong with what is exported. */
export function judgeExports(
  exports: readonly Export[],
  site: Site,
  dataDirectory: string,
): Finding[] {
  return exports.flatMap(({ path, client, writable }) => {
    const about = message('about.export', { path, client });
    const directories = [site.imageDirectory, dataDirectory].filter((secret) =>
      overlaps(path, secret),
    );
    if (directories.length > 0) {
      const found = message('nfs.shows', { directories });
      return [failure(about, found, message('remedy.take-out-export'))];
    }
    if (writable && overlaps(path, site.netbootDirectory)) {
      return [failure(about, message('nfs.writable'), message('remedy.export-read-only'))];
    }
    return [];
  });
}

/** An export shows what is below it, and with some options what is above it. */
function overlaps(one: string, other: string): boolean {
  const below = (inner: string, outer: string): boolean =>
    `${inner}/`.startsWith(outer === '/' ? '/' : `${outer}/`);
  return below(one, other) || below(other, one);
}

/** A real mount, read-only, in a directory of its own, gone afterwards. */
async function tryMount({ build, run, site }: CheckedServer, subnet: Subnet): Promise<Finding> {
  const about = subnetLabel(subnet);
  const source = `${subnet.serverAddress}:${site.netbootDirectory}`;
  const directory = await mkdtemp(join(tmpdir(), 'openclone-doctor-'));
  try {
    try {
      await run('mount', ['-t', 'nfs', '-o', MOUNT_OPTIONS, source, directory], {
        timeoutMs: 30_000,
      });
    } catch (error) {
      return judgeMountError(about, source, error);
    }
    try {
      return await lookInside(about, source, directory, site, build);
    } finally {
      await unmount(run, directory);
    }
  } finally {
    // Never recursively: should the unmounting have failed, this is not ours.
    await rmdir(directory).catch(() => undefined);
  }
}

/** Version 4.1 as our initramfs; soft, so that a dead server ends in an error. */
const MOUNT_OPTIONS = 'ro,nosuid,nodev,noexec,vers=4.1,soft,timeo=50,retrans=2,retry=0';

async function unmount(run: Run, directory: string): Promise<void> {
  try {
    await run('umount', [directory], { timeoutMs: 10_000 });
  } catch {
    await run('umount', ['--lazy', directory]);
  }
}

async function lookInside(
  about: Words,
  source: string,
  directory: string,
  site: Site,
  build: Build | null,
): Promise<Finding> {
  if (build === null) return ok(about, message('nfs.no-build', { source }));
  // What hosts read there: builds of OpenClone before 0.3 are a tree, the others one file.
  const root = build.squashfs === null ? 'rootfs/usr/lib/openclone/init' : 'rootfs.squashfs';
  const init = join('builds', build.id, root);
  const seen = await stat(join(directory, init)).catch(() => null);
  if (seen !== null) return ok(about, message('nfs.good', { source }));
  const remedy = message('remedy.see-build', { path: join(site.netbootDirectory, init) });
  return failure(about, message('nfs.incomplete', { source, path: init }), remedy);
}

/** What the failure of mount(8) means. */
export function judgeMountError(about: Words, source: string, error: unknown): Finding {
  if (!(error instanceof OperatorError)) throw error;
  if (error.code === 'tool-missing') {
    const found = message('nfs.no-mount-program', { said: saidBy(error) });
    return skipped(about, found, message('remedy.install-mount'));
  }
  const said = cutSaid(causesOf(error).join(' '));
  if (/No such device|unknown filesystem type|bad option; for several filesystems/.test(said)) {
    return skipped(about, message('nfs.not-tried'), message('remedy.mount-elsewhere', { source }));
  }
  if (/access denied|Permission denied|Operation not permitted/.test(said)) {
    const found = message('nfs.not-exported', { source, said });
    return failure(about, found, message('remedy.see-exports'));
  }
  const found = message('nfs.not-mounted', { source, said });
  return failure(about, found, message('remedy.see-nfs-server'));
}
