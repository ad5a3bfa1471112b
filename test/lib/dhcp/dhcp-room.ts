/** A switch with machines on it, each in a network namespace of its own, and real DHCP servers on them. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { DhcpAnswer } from '../../../lib/dhcp/answer.ts';
import { run } from '../../../lib/exec/run.ts';
import { startService } from '../../../lib/exec/service.ts';
import { addMachine, addSwitch, removeNamespace } from '../../lab/network.ts';

export type DhcpRoom = {
  readonly directory: string;
  readonly switchNamespace: string;
  /** Adds a machine with this last byte of 10.91.7.0/24 and returns its namespace. */
  readonly addMachine: (name: string, lastByte: number) => Promise<string>;
  /** Starts dnsmasq there, in the foreground, without DNS, and waits until it serves. */
  readonly startDnsmasq: (namespace: string, args: readonly string[]) => Promise<void>;
  /** The same with a whole configuration file. */
  readonly startConfigured: (namespace: string, configFile: string) => Promise<void>;
};

const PROBE_PROGRAM = fileURLToPath(new URL('./probe-program.ts', import.meta.url));

/** Gives `work` a room, and ends and removes all of it whatever comes. */
export async function withDhcpRoom(work: (room: DhcpRoom) => Promise<void>): Promise<void> {
  const prefix = `ocd${randomBytes(3).toString('hex')}`;
  const directory = mkdtempSync(join(tmpdir(), 'openclone-dhcp-'));
  const switchNamespace = `${prefix}-sw`;
  const namespaces = [switchNamespace];
  try {
    await addSwitch(run, switchNamespace);
    await work({
      directory,
      switchNamespace,
      addMachine: async (name, lastByte) => {
        const namespace = `${prefix}-${name}`;
        namespaces.push(namespace);
        await addMachine(run, {
          namespace,
          switchNamespace,
          port: `p-${name}`,
          address: `10.91.7.${lastByte}/24`,
          mac: `52:54:00:91:07:${lastByte.toString(16).padStart(2, '0')}`,
        });
        return namespace;
      },
      startDnsmasq: (namespace, args) =>
        startDnsmasq(namespace, [
          '--conf-file=/dev/null',
          '--port=0',
          '--bind-dynamic',
          '--interface=eth0',
          '--user=root',
          '--pid-file=',
          '--log-facility=-',
          `--dhcp-leasefile=${join(directory, `${namespace}.leases`)}`,
          ...args,
        ]),
      startConfigured: (namespace, configFile) =>
        startDnsmasq(namespace, [`--conf-file=${configFile}`]),
    });
  } finally {
    for (const namespace of namespaces.toReversed()) await removeNamespace(run, namespace);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs probeDhcp in `namespace`, by the command `as`; `enough` answers end it early. */
export async function probeIn(
  namespace: string,
  probe: { readonly clientArch: number; readonly timeoutMs: number; readonly enough?: number },
  as: readonly string[] = [],
): Promise<DhcpAnswer[]> {
  const { stdout } = await run(
    'ip',
    ['netns', 'exec', namespace, ...as, process.execPath, PROBE_PROGRAM, JSON.stringify(probe)],
    { timeoutMs: 60_000 },
  );
  return z.array(z.custom<DhcpAnswer>()).parse(JSON.parse(stdout));
}

async function startDnsmasq(namespace: string, args: readonly string[]): Promise<void> {
  let log = '';
  const serving = Promise.withResolvers<undefined>();
  const service = startService(
    'ip',
    ['netns', 'exec', namespace, 'dnsmasq', '--keep-in-foreground', ...args],
    {
      deathSignal: 'KILL',
      input: 'none',
      output: 'none',
      onText: (text) => {
        log += text;
        if (log.includes('DHCP, ')) serving.resolve(undefined);
      },
    },
  );
  const ended = service.ended.then(() => {
    throw new Error(`dnsmasq ended: ${log}`);
  });
  await Promise.race([serving.promise, ended]);
  // It ends with its namespace, when the room is removed.
  ended.catch(() => undefined);
}
