/** The cables: link, speed, duplex, MTU (sysfs, Documentation/ABI/testing/sysfs-class-net). */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  title: 'links of the interfaces',
  rootBecause: null,
  examine: async ({ site }) => {
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
  if (link === null) return failure(name, 'there is no such interface', 'See the check addresses.');
  const { carrier, duplex, megabitsPerSecond, mtuBytes } = link;
  if (!carrier) {
    const remedy = `See the cable and the switch, and \`ip link set ${name} up\`.`;
    return failure(name, 'no link', remedy);
  }
  if (duplex === 'half') {
    const remedy =
      'Let both ends of the cable negotiate by themselves; see the port of the switch.';
    return failure(name, 'half duplex: multicast will be slow and lossy', remedy);
  }
  if (megabitsPerSecond !== null && megabitsPerSecond < 1000) {
    const found = `only ${megabitsPerSecond} Mbit/s: every transmission is as slow`;
    return warning(name, found, 'See the cable (all eight wires) and the port of the switch.');
  }
  if (mtuBytes !== USUAL_MTU_BYTES) {
    const found = `MTU ${mtuBytes}: hosts that boot have ${USUAL_MTU_BYTES}`;
    const remedy = `ip link set ${name} mtu ${USUAL_MTU_BYTES}, unless every host and switch has the same.`;
    return warning(name, found, remedy);
  }
  const speed = megabitsPerSecond === null ? 'speed not known' : `${megabitsPerSecond} Mbit/s`;
  return ok(name, `link, ${speed}, MTU ${mtuBytes}`);
}
