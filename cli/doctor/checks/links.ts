/** The cables: link, speed, duplex, MTU (sysfs, Documentation/ABI/testing/sysfs-class-net). */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { failure, ok, warning, type Finding } from '../finding.ts';

const SYSFS = '/sys/class/net';
/** What every switch forwards, and hosts have unless somebody changed them. */
const USUAL_MTU_BYTES = 1500;

export type Link = {
  readonly interfaceName: string;
  readonly carrier: boolean;
  readonly mtuBytes: number;
  /** null where the driver does not know: virtual interfaces. */
  readonly megabitsPerSecond: number | null;
  readonly duplex: 'full' | 'half' | null;
};

export const links: Check = {
  name: 'links',
  title: message('check.links'),
  rootBecause: null,
  perform: async ({ site }) => {
    const names = [...new Set(site.subnets.map(({ interfaceName }) => interfaceName))];
    return Promise.all(names.map(async (name) => judgeLink(name, await readLink(name))));
  },
};

async function readLink(interfaceName: string): Promise<Link | null> {
  const read = async (name: string): Promise<string | null> =>
    // Reading the carrier of an interface that is down fails with EINVAL.
    readFile(join(SYSFS, interfaceName, name), 'utf8').then(
      (text) => text.trim(),
      () => null,
    );
  const mtu = await read('mtu');
  if (mtu === null) return null;
  const speed = Number(await read('speed'));
  const duplex = await read('duplex');
  return {
    interfaceName,
    carrier: (await read('carrier')) === '1',
    mtuBytes: Number(mtu),
    megabitsPerSecond: speed > 0 ? speed : null,
    duplex: duplex === 'full' || duplex === 'half' ? duplex : null,
  };
}

export function judgeLink(name: string, link: Link | null): Finding {
  if (link === null)
    return failure(name, message('links.no-interface'), message('remedy.see-addresses'));
  const { carrier, duplex, megabitsPerSecond, mtuBytes } = link;
  if (!carrier) {
    const remedy = message('remedy.see-cable', { interfaceName: name });
    return failure(name, message('links.no-link'), remedy);
  }
  if (duplex === 'half') {
    return failure(name, message('links.half-duplex'), message('remedy.negotiate'));
  }
  if (megabitsPerSecond !== null && megabitsPerSecond < 1000) {
    const found = message('links.slow', { megabitsPerSecond });
    return warning(name, found, message('remedy.see-wires'));
  }
  if (mtuBytes !== USUAL_MTU_BYTES) {
    const found = message('links.mtu', { mtuBytes, usualBytes: USUAL_MTU_BYTES });
    const remedy = message('remedy.set-mtu', { interfaceName: name, mtuBytes: USUAL_MTU_BYTES });
    return warning(name, found, remedy);
  }
  return ok(
    name,
    megabitsPerSecond === null
      ? message('links.good-speed-unknown', { mtuBytes })
      : message('links.good', { megabitsPerSecond, mtuBytes }),
  );
}
