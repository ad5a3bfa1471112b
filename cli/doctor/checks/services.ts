/** The services that systemd runs for us. */

import type { Site } from '../../../lib/model/site.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, warning, type Finding } from '../finding.ts';

export const services: Check = {
  name: 'services',
  title: message('check.services'),
  rootBecause: null,
  perform: async ({ run, site }) =>
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
    return skipped(unit, message('services.no-systemd'), message('remedy.see-start'));
  }
  if (load === 'not-found') {
    return failure(unit, message('services.not-installed'), message('remedy.install'));
  }
  const state = value('ActiveState');
  if (state !== 'active') {
    const result = value('Result');
    const found = ['', 'success'].includes(result)
      ? message('services.not-active', { state })
      : message('services.failed', { state, result });
    return failure(unit, found, message('remedy.see-why', { unit }));
  }
  const enabled = value('UnitFileState');
  if (enabled === 'disabled') {
    return warning(unit, message('services.disabled'), `systemctl enable ${unit}`);
  }
  return ok(unit, message('services.runs', { state, substate: value('SubState') }));
}
