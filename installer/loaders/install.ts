/**
 * Boot loaders for the hosts, taken from the distribution's packages without installing one: the loader of this machine
 * itself stays as it is. Where they go: docs/design/netboot.md.
 */

import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Site } from '../../lib/model/site.ts';
import { loaderFiles, type LoaderFile } from './files.ts';
import { readGrubFeatures, GrubFeatures } from './grub-features.ts';
import { makeOwnGrub } from './custom-grub.ts';
import { fetchPackages, type Packages } from './packages.ts';

const RECORD_FORMAT_VERSION = 1;

/** TFTP/loaders.json: which loaders are in place. */
const LoaderRecord = z.object({
  formatVersion: z.literal(RECORD_FORMAT_VERSION),
  /** Debian package → version. */
  packages: z.record(z.string(), z.string()),
  /** What the signed GRUB can do. */
  grub: GrubFeatures,
  /** What was placed, below TFTP ("tftp/shimx64.efi") and NETBOOT/loaders ("media/gcdx64.efi"). */
  files: z.array(z.string()),
});
export type LoaderRecord = z.infer<typeof LoaderRecord>;

/** null when no loaders were placed yet, or by another version of the program. */
export async function readLoaderRecord(site: Site): Promise<LoaderRecord | null> {
  try {
    return LoaderRecord.parse(JSON.parse(await readFile(recordFile(site), 'utf8')));
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return null;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Downloads the newest loaders by apt and puts them in place, each file by itself atomically, the record last; files of
 * subnets that are gone are removed. Throws `tool-failed` when apt cannot download, `not-found` when a package lacks
 * what belongs into it; nothing was changed then.
 */
export async function placeLoaders(run: Run, site: Site): Promise<LoaderRecord> {
  const work = await mkdtemp(join(tmpdir(), 'openclone-loaders-'));
  try {
    const packages = await fetchPackages(run, work);
    const grub = await readGrubFeatures(packages.networkGrub);
    const files = loaderFiles(site, grub);
    const sources = await sourcesOf(run, site, packages, { work, files });
    const before = await readLoaderRecord(site);
    for (const { file, source } of sources) await place(source, pathOf(site, file.to));
    const names = files.map(({ to }) => to);
    for (const stale of before?.files.filter((name) => !names.includes(name)) ?? []) {
      await rm(pathOf(site, stale), { force: true });
    }
    const record = {
      formatVersion: RECORD_FORMAT_VERSION,
      packages: packages.versions,
      grub,
      files: names,
    } as const;
    const text = join(work, 'loaders.json');
    await writeFile(text, `${JSON.stringify(record, null, 2)}\n`);
    await place(text, recordFile(site));
    return record;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Where each file comes from; whatever is missing is found before the first one is placed. */
async function sourcesOf(
  run: Run,
  site: Site,
  packages: Packages,
  { work, files }: { readonly work: string; readonly files: readonly LoaderFile[] },
): Promise<{ file: LoaderFile; source: string }[]> {
  const sources: { file: LoaderFile; source: string }[] = [];
  for (const file of files) {
    const source =
      file.from.type === 'own-grub'
        ? await makeOwnGrub(run, packages, { work, subnet: file.from.subnet })
        : await packages.find(file.from.paths);
    if (source === null) {
      throw new OperatorError({
        code: 'not-found',
        message: `looking for ${file.to} in the packages of the boot loaders`,
        hint: 'This distribution names it otherwise: please report it with the release of the system.',
      });
    }
    sources.push({ file, source });
  }
  return sources;
}

function pathOf(site: Site, name: string): string {
  return name.startsWith('media/')
    ? join(site.netbootDirectory, 'loaders', name.slice('media/'.length))
    : join(site.tftpDirectory, name.slice('tftp/'.length));
}

function recordFile(site: Site): string {
  return join(site.tftpDirectory, 'loaders.json');
}

/** A host that reads meanwhile gets the old file or the new one. */
async function place(source: string, path: string): Promise<void> {
  await makeDirectory(dirname(path));
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  await copyFile(source, unfinished);
  await chmod(unfinished, 0o644);
  // After a power cut the record must not vouch for files that never reached the disk.
  const copy = await open(unfinished, 'r');
  await copy.sync().finally(() => copy.close());
  await rename(unfinished, path);
}

/** Readable by dnsmasq and the server, whatever root's own umask is. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}
