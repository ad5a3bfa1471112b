/** All checks, in the order in which they are shown; the site file is always the first. */

import type { Check } from '../check.ts';
import { addresses } from './addresses.ts';
import { bootFiles } from './boot-files.ts';
import { buffers } from './buffers.ts';
import { clock } from './clock.ts';
import { dhcp } from './dhcp.ts';
import { duplicates } from './duplicates.ts';
import { firewall } from './firewall.ts';
import { http } from './http.ts';
import { igmp } from './igmp.ts';
import { links } from './links.ts';
import { multicast } from './multicast.ts';
import { nfs } from './nfs.ts';
import { operators } from './operators.ts';
import { ports } from './ports.ts';
import { rootfs } from './rootfs.ts';
import { server } from './server.ts';
import { services } from './services.ts';
import { space } from './space.ts';
import { tftp } from './tftp.ts';
import { tls } from './tls.ts';
import { tools } from './tools.ts';

export const CHECKS: readonly Check[] = [
  links,
  addresses,
  services,
  ports,
  firewall,
  server,
  operators,
  tls,
  dhcp,
  duplicates,
  bootFiles,
  tftp,
  http,
  rootfs,
  nfs,
  multicast,
  igmp,
  buffers,
  clock,
  space,
  tools,
];
