/** The record of a host that nobody knew until now. */

import type { Host } from '../../lib/model/host.ts';
import { newHostId } from '../ids.ts';

/** It is called after its MAC address unless it has a name. */
export function newHost(known: Pick<Host, 'mac' | 'approval'> & Partial<Host>): Host {
  return {
    id: newHostId(),
    name: `host-${known.mac.replaceAll(':', '')}`,
    groupId: null,
    serialNumber: null,
    ipAddress: null,
    registeredAt: new Date().toISOString(),
    lastSeenAt: null,
    systemInfo: null,
    halfWritten: null,
    alsoHalfWritten: [],
    debugShell: false,
    localBoot: 'site',
    ...known,
  };
}
