/**
 * Somebody asks who listens to which group. Switches with IGMP snooping forget listeners whom nobody asks about, and
 * cut off a transmission after some minutes (RFC 4541 section 2.1.1).
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../../lib/errors.ts';
import type { Run } from '../../../lib/exec/run.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { ok, skipped, warning, type Finding } from '../finding.ts';

/** A general query comes every 125 s (RFC 3376 section 8.2). */
const LISTEN_MS = 130_000;

export const igmp: Check = {
  name: 'igmp',
  title: message('check.igmp'),
  rootBecause: message('root.listen'),
  perform: async ({ long, run, site }) => {
    const names = [...new Set(site.subnets.map(({ interfaceName }) => interfaceName))];
    return Promise.all(names.map((name) => checkInterface(run, name, long)));
  },
};

async function checkInterface(run: Run, name: string, long: boolean): Promise<Finding> {
  const bridge = await readBridge(name);
  if (bridge === 'asks') return ok(name, message('igmp.bridge-asks'));
  if (!long) {
    return skipped(name, message('igmp.not-listened'), 'sudo openclone doctor --long');
  }
  return judgeQuery(name, await listenForQuery(run, name, LISTEN_MS), bridge !== 'snoops');
}

type Bridge = 'none' | 'asks' | 'snoops' | 'floods';

/** What this machine's own bridge does about multicast (sysfs). */
async function readBridge(name: string): Promise<Bridge> {
  const read = async (file: string): Promise<string | null> =>
    readFile(join('/sys/class/net', name, 'bridge', file), 'utf8').then(
      (text) => text.trim(),
      () => null,
    );
  const snooping = await read('multicast_snooping');
  if (snooping === null) return 'none';
  if (snooping === '0') return 'floods';
  return (await read('multicast_querier')) === '1' ? 'asks' : 'snoops';
}

/** The line of the first query within `listenMs`, null when there was none. */
export async function listenForQuery(
  run: Run,
  name: string,
  listenMs: number,
): Promise<string | null> {
  const signal = AbortSignal.timeout(listenMs);
  try {
    const { stdout } = await run(
      'tcpdump',
      // 0x11: membership query, every version (RFC 3376 section 4.1).
      ['-i', name, '-n', '-t', '-c', '1', '--immediate-mode', 'igmp[0] == 0x11'],
      { signal },
    );
    return stdout.trim();
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'tool-failed' && signal.aborted) {
      return null;
    }
    throw error;
  }
}

/** `query` as tcpdump prints it. */
export function judgeQuery(name: string, query: string | null, mayFlood: boolean): Finding {
  const from = /^IP (\S+) >/.exec(query ?? '')?.[1];
  if (from !== undefined) return ok(name, message('igmp.heard', { querier: from }));
  const found = message('igmp.silent', { seconds: LISTEN_MS / 1000 });
  const remedy = mayFlood
    ? message('remedy.querier-or-no-snooping')
    : message('remedy.querier-or-bridge', { interfaceName: name });
  return warning(name, found, remedy);
}
