/** Settings of this machine's apt that reaching its mirror depends on; mmdebstrap does not read them by itself. */

import type { Run } from '../lib/exec/run.ts';

/** Proxies, and what an operator allowed apt to overlook: a mirror that is frozen in time, for example. */
const KEPT =
  /^Acquire::((https?|ftp)::(Proxy|Proxy-Auto-Detect)(::.+)?|https::(CaInfo|Verify-Peer|Verify-Host)|Check-Valid-Until|Check-Date|ForceIPv[46])$/i;

/** Lines for apt.conf(5), `Acquire::http::Proxy "http://10.0.0.1:3142";`. Throws `tool-missing`, `tool-failed`. */
export async function aptOptions(run: Run): Promise<string[]> {
  const { stdout } = await run('apt-config', ['dump', '--no-empty', '--format', '%f=%v%n']);
  return stdout.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    return at > 0 && KEPT.test(name) && !value.includes('"') ? [`${name} "${value}"`] : [];
  });
}
