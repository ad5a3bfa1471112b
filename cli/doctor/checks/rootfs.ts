/** The hosts' root file system: there, whole, of this version, with our certificate. */

import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Site } from '../../../lib/model/site.ts';
import { PROGRAM_VERSION } from '../../../lib/protocol/version.ts';
import { message } from '../../../lib/model/messages/table.ts';
import { readBuild, type Build } from '../build.ts';
import type { Check } from '../check.ts';
import { failure, ok, saidBy, warning, type Finding } from '../finding.ts';

const REBUILD = message('hint.build-rootfs');
const CONTENT = ['rootfs/usr/lib/openclone/init', 'rootfs/usr/lib/openclone/engine.js'];

export const rootfs: Check = {
  name: 'rootfs',
  title: message('check.rootfs'),
  rootBecause: null,
  perform: async ({ dataDirectory, site }) => {
    const build = await readBuildOrWhy(site.netbootDirectory);
    if ('type' in build) return [build];
    const missing = await missingOf(site, build);
    return [
      missing.length === 0
        ? judgeVersion(build)
        : failure(build.id, message('rootfs.lacks', { files: missing.join(', ') }), REBUILD),
      ...(await certificateFindings(build, dataDirectory)),
    ];
  },
};

async function readBuildOrWhy(netbootDirectory: string): Promise<Build | Finding> {
  try {
    const build = await readBuild(netbootDirectory);
    if (build !== null) return build;
    return failure(netbootDirectory, message('rootfs.none'), REBUILD);
  } catch (error) {
    const found = message('rootfs.unreadable', { said: saidBy(error) });
    return failure(netbootDirectory, found, REBUILD);
  }
}

async function missingOf({ rootTransport }: Site, build: Build): Promise<string[]> {
  const names = ['vmlinuz', 'initrd.img', ...CONTENT];
  if (rootTransport === 'ram' || build.squashfs !== null) names.push('rootfs.squashfs');
  const found = await Promise.all(
    names.map((name) =>
      stat(join(build.directory, name)).then(
        ({ size }) => (size > 0 ? [] : [name]),
        () => [name],
      ),
    ),
  );
  return found.flat();
}

/** Engines of another version are refused by the server when the protocol changed between them. */
export function judgeVersion({ builtAt, id, kernel, programVersion }: Build): Finding {
  if (programVersion !== PROGRAM_VERSION) {
    const found = message('rootfs.other-version', {
      version: programVersion,
      own: PROGRAM_VERSION,
    });
    return warning(id, found, REBUILD);
  }
  return ok(id, message('rootfs.good', { version: programVersion, kernel, builtAt }));
}

/** The engine accepts no certificate but the one in its root file system. */
async function certificateFindings(build: Build, dataDirectory: string): Promise<Finding[]> {
  const inRootfs = await readCertificate(join(build.directory, 'rootfs/etc/openclone/server.crt'));
  const ofServer = await readCertificate(join(dataDirectory, 'tls/server.crt'));
  if (inRootfs === null) return [failure(build.id, message('rootfs.no-certificate'), REBUILD)];
  // The check tls compares with what the server really shows.
  if (ofServer === null) return [];
  return inRootfs.fingerprint256 === ofServer.fingerprint256
    ? []
    : [failure(build.id, message('rootfs.other-certificate'), REBUILD)];
}

async function readCertificate(path: string): Promise<X509Certificate | null> {
  try {
    return new X509Certificate(await readFile(path));
  } catch {
    return null;
  }
}
