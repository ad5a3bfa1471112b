/** The services that systemd runs for us. */

import type { Site } from '../../../lib/model/site.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, warning, type Finding } from '../finding.ts';

export const services: Check = {
  name: 'services',
  title: 'services',
  rootBecause: null,
  examine: async ({ run, site }) =>
    Promise.all(
      unitsOf(site).map(async (unit) => {
        const { stdout } = await run(
          'systemctl',
          ['show', unit, '--property=LoadState,ActiveState,SubState,UnitFileState,Result'],
          { allowedStatuses: [0, 1, 4] },
        );
        return judgeUnit(unit, stdout);
      }),
    ),
};

export function unitsOf(site: Site): string[] {
  // Another NFS server is looked at as hosts see it, by the check nfs.
  const isKernels = site.rootTransport === 'nfs' && site.nfsServer !== 'none';
  const nfs = isKernels ? ['nfs-server.service'] : [];
  return ['openclone.service', 'openclone-dnsmasq.service', ...nfs];
}

/** Judges what `systemctl show` printed; nothing when systemd does not run here. */
export function judgeUnit(unit: string, text: string): Finding {
  const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const load = value('LoadState');
  if (load === '') {
    return skipped(unit, 'systemd does not answer on this machine', 'See how it is started here.');
  }
  if (load === 'not-found') {
    return failure(unit, 'it is not installed', 'Run `sudo ./install.sh` again.');
  }
  const active = value('ActiveState');
  if (active !== 'active') {
    const result = value('Result');
    const why = ['', 'success'].includes(result) ? '' : ` (${result})`;
    const remedy = `See why: journalctl -u ${unit} -n 50; then: systemctl restart ${unit}`;
    return failure(unit, `it is ${active}${why}`, remedy);
  }
  const enabled = value('UnitFileState');
  if (enabled === 'disabled') {
    const found = 'it runs, but will not start with this machine';
    return warning(unit, found, `systemctl enable ${unit}`);
  }
  return ok(unit, `${active}, ${value('SubState')}`);
}
