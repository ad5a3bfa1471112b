/** A Debian kernel for the disk that boots: this machine's own when it has one, else from the archive, never installed. */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Run } from '../../lib/exec/run.ts';

/** Where a downloaded kernel stays, so that the next lab needs no network. */
const CACHE = '/var/cache/openclone-lab';

/** Smallest Debian kernel that has virtio and ext4: 27 MB to download. */
const METAPACKAGE = 'linux-image-cloud-amd64';

export type Kernel = {
  /** "6.1.0-56-cloud-amd64". */
  readonly version: string;
  /** The bzImage. */
  readonly imageFile: string;
  /** The directory with lib/modules/VERSION below it, modules.dep made. */
  readonly root: string;
};

/** Throws with a hint when there is no kernel and none can be downloaded. */
export async function findKernel(run: Run): Promise<Kernel> {
  return (
    installedKernel('/') ?? cachedKernel() ?? (await downloadKernel(run, await packageName(run)))
  );
}

/** The newest Debian kernel below `root` that has its modules. */
function installedKernel(root: string): Kernel | null {
  const versions = listDirectory(join(root, 'boot'))
    .flatMap((name) => /^vmlinuz-(.+-amd64)$/.exec(name)?.slice(1) ?? [])
    .filter((version) => existsSync(join(root, modulesOf(version), 'modules.dep')));
  const version = versions.sort(byVersion).at(-1);
  if (version === undefined) return null;
  return { version, imageFile: join(root, 'boot', `vmlinuz-${version}`), root };
}

function cachedKernel(): Kernel | null {
  const kernels = listDirectory(CACHE).flatMap((name) => installedKernel(join(CACHE, name)) ?? []);
  return kernels.sort((a, b) => byVersion(a.version, b.version)).at(-1) ?? null;
}

async function downloadKernel(run: Run, name: string): Promise<Kernel> {
  const unpacked = join(CACHE, `${name}.${process.pid}.new`);
  const final = join(CACHE, name);
  mkdirSync(unpacked, { recursive: true });
  try {
    // apt-get download writes to its working directory, which only env -C sets without a shell.
    await run('env', ['-C', unpacked, 'apt-get', '-q', ...AS_ROOT, 'download', name]);
    const [archive = ''] = listDirectory(unpacked).filter((file) => file.endsWith('.deb'));
    await run('dpkg-deb', ['--extract', join(unpacked, archive), unpacked]);
    rmSync(join(unpacked, archive));
    const version = name.replace(/^linux-image-/, '');
    // Debian 13 keeps modules below /usr/lib; depmod and modprobe look below lib.
    if (!existsSync(join(unpacked, modulesOf(version)))) {
      renameSync(join(unpacked, 'usr/lib'), join(unpacked, 'lib'));
    }
    await run('depmod', ['-b', unpacked, version]);
    rmSync(final, { recursive: true, force: true });
    renameSync(unpacked, final);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
  const kernel = installedKernel(final);
  if (kernel === null) throw new Error(`${name} has no kernel and modules that go together`);
  return kernel;
}

/** Without it apt warns that its user _apt may not write to the cache. */
const AS_ROOT = ['-o', 'APT::Sandbox::User=root'];

/** The package that the metapackage stands for: "linux-image-6.1.0-56-cloud-amd64". */
async function packageName(run: Run): Promise<string> {
  const find = async (): Promise<string | null> => {
    const { stdout } = await run('apt-cache', ['depends', METAPACKAGE], {
      allowedStatuses: [0, 100],
    });
    return /Depends: (linux-image-\d\S*)/.exec(stdout)?.[1] ?? null;
  };
  const name = await find();
  if (name !== null) return name;
  await run('apt-get', ['-q', 'update']);
  const second = await find();
  if (second !== null) return second;
  throw new Error(`apt knows no ${METAPACKAGE}: the bootable disk needs Debian's archive, once`);
}

function modulesOf(version: string): string {
  return join('lib/modules', version);
}

function listDirectory(path: string): string[] {
  try {
    return readdirSync(path).map((name) => basename(name));
  } catch {
    return [];
  }
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
