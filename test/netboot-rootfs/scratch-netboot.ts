/** A NETBOOT of its own, and an mmdebstrap and chroot that make a tiny system: all other tools are the real ones. */

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { run, type Run } from '../../lib/exec/run.ts';
import { parseSources } from '../../netboot-rootfs/apt-sources.ts';
import type { BuildOptions } from '../../netboot-rootfs/build.ts';

export type ScratchNetboot = {
  readonly netboot: string;
  readonly tftp: string;
  /** Runs tools with the stand-ins first in PATH. */
  readonly run: Run;
  /** For a program started by the test. */
  readonly environment: Readonly<Record<string, string>>;
  readonly options: (changes?: Partial<BuildOptions>) => BuildOptions;
  /** Entries of NETBOOT, for what must not be left there. */
  readonly names: () => string[];
};

export const SOURCES = 'deb http://mirror.secret.example/debian bookworm main\n';

/** mmdebstrap's last three arguments are suite, root and sources. */
const MMDEBSTRAP = `#!/bin/sh
set -eu
shift $(($# - 3))
root=$2
mkdir -p "$root/etc/apt" "$root/usr/share" "$root/bin" "$root/dev" "$root/var/lib/apt/lists"
cp "$3" "$root/etc/apt/sources.list"
touch "$root/var/lib/apt/lists/mirror.secret.example"
if [ -n "\${STAND_IN_HANGS:-}" ]; then
  mount -t tmpfs tmpfs "$root/dev"
  touch "$STAND_IN_HANGS"
  exec tail -f "$3"
fi
if [ -n "\${STAND_IN_PROBLEM:-}" ]; then
  echo "problem $STAND_IN_PROBLEM" >>"$OPENCLONE_REPORT"
  echo "E: command failed" >&2
  exit 25
fi
if [ -n "\${STAND_IN_FAILS:-}" ]; then echo "E: no such package" >&2; exit 25; fi
echo "of the base" >"$root/etc/shared"
echo tool >"$root/bin/tool"
chmod 750 "$root/bin/tool"
ln -s tool "$root/bin/link"
echo "udev 252" >"$root/usr/share/openclone-packages.txt"
echo kernel >"$root/../vmlinuz"
echo initrd >"$root/../initrd.img"
printf 'kib-before-pruning 10\\nkernel 6.1.0-test\\nno-firmware firmware-x\\n' >>"$OPENCLONE_REPORT"
`;

export function scratchNetboot(t: TestContext): ScratchNetboot {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-netboot-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const tools = join(directory, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'mmdebstrap'), MMDEBSTRAP);
  writeFileSync(join(tools, 'chroot'), '#!/bin/sh\nexec "$1$2" --version\n');
  for (const tool of ['mmdebstrap', 'chroot']) chmodSync(join(tools, tool), 0o755);
  const given = (name: string): string => {
    const path = join(directory, name);
    writeFileSync(path, `${name}\n`);
    return path;
  };
  const netboot = join(directory, 'netboot');
  const environment = { PATH: `${tools}${delimiter}${process.env.PATH ?? ''}` };
  const [certificateFile, engineFile] = [given('server.crt'), given('engine.js')];
  return {
    netboot,
    tftp: join(directory, 'tftp'),
    environment,
    run: (tool, args, options = {}) =>
      run(tool, args, { ...options, env: { ...options.env, ...environment } }),
    options: (changes = {}) => ({
      netboot,
      recipe: {
        suite: 'bookworm',
        sources: parseSources('sources.list', SOURCES),
        packages: ['udev'],
        firmware: ['firmware-x'],
        serverHardware: false,
      },
      certificateFile,
      engineFile,
      // Any program that can be stripped and started.
      nodeFile: '/bin/true',
      dataDirectory: join(import.meta.dirname, '../../netboot-rootfs/data'),
      refresh: false,
      packing: 'quick',
      now: new Date('2026-11-21T11:30:00Z'),
      onProgress: () => undefined,
      ...changes,
    }),
    names: () => readdirSync(netboot).sort(),
  };
}
