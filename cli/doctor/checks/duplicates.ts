/** No second OpenClone serves the same hosts. */

import type { DhcpAnswer } from '../../../lib/dhcp/answer.ts';
import type { Site } from '../../../lib/model/site.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { failure, ok, type Finding } from '../finding.ts';
import { FIRMWARES } from '../firmware.ts';
import { certificateOf } from './tls.ts';

export const duplicates: Check = {
  name: 'duplicates',
  title: message('check.duplicates'),
  rootBecause: message('root.found-by-dhcp'),
  needs: { address: true },
  perform: async ({ dhcpAnswers, site, ownAddresses }) => {
    const asked = site.subnets
      .filter(({ relayed }) => !relayed)
      .flatMap((subnet) => FIRMWARES.map((firmware) => dhcpAnswers(subnet, firmware)));
    const candidates = bootServersOf(site, (await Promise.all(asked)).flat()).filter(
      (address) => !ownAddresses.includes(address),
    );
    const found = await Promise.all(
      candidates.map(async (address) =>
        (await isOpenClone(address, site.enginePort)) ? [another(address)] : [],
      ),
    );
    const others = found.flat();
    if (others.length > 0) return others;
    const servers = candidates.join(', ');
    return [
      ok(
        '',
        servers === ''
          ? message('duplicates.none')
          : message('duplicates.not-openclone', { servers }),
      ),
    ];
  },
};

/** The addresses of everybody else who names boot files, or is named for them. */
export function bootServersOf(site: Site, answers: readonly DhcpAnswer[]): string[] {
  const own = site.subnets.map(({ serverAddress }) => serverAddress);
  const named = answers
    .filter(({ bootFile, bootServers }) => bootFile !== null || bootServers.length > 0)
    .flatMap(({ bootServers, nextServer, serverAddress }) => [
      serverAddress,
      ...(nextServer === null ? [] : [nextServer]),
      ...bootServers,
    ]);
  return [...new Set(named)].filter((address) => !own.includes(address)).toSorted();
}

/** By its certificate (server/net/certificate.ts). */
async function isOpenClone(address: string, port: number): Promise<boolean> {
  return certificateOf(address, port).then(
    ({ subject }) => subject.includes('CN=OpenClone server'),
    () => false,
  );
}

function another(server: string): Finding {
  const found = message('duplicates.another', { server });
  return failure('', found, message('remedy.one-openclone'));
}
