/** Which network interface leads to an address: the server's to a host, a host's to the server. */

import { z } from 'zod';
import { OperatorError } from '../errors.ts';
import type { Run } from '../exec/run.ts';

export type Route = {
  readonly interfaceName: string;
  /** This machine's address as seen from over there. */
  readonly sourceAddress: string;
  /** False when a router lies between: multicast then needs a TTL and a rendezvous address. */
  readonly direct: boolean;
};

const RouteOutput = z
  .array(
    z.object({
      dst: z.string(),
      dev: z.string(),
      prefsrc: z.string(),
      gateway: z.string().optional(),
    }),
  )
  .min(1);

/**
 * Asks the kernel how it would reach `address`: longest prefix, then smallest metric, as it would send
 * (`ip -json route get`, ip-route(8)). Throws `session-failed` when there is no route.
 */
export async function routeTo(run: Run, address: string): Promise<Route> {
  try {
    const { stdout } = await run('ip', ['-json', 'route', 'get', address]);
    return parseRoute(stdout);
  } catch (cause) {
    throw new OperatorError({
      code: 'session-failed',
      message: `finding the network interface that leads to ${address}`,
      hint: 'See `ip route get` on the server.',
      cause,
    });
  }
}

/** Reads what `ip -json route get` prints. */
export function parseRoute(text: string): Route {
  const [route] = RouteOutput.parse(JSON.parse(text));
  if (route === undefined) throw new TypeError('no route in the output of ip');
  return {
    interfaceName: route.dev,
    sourceAddress: route.prefsrc,
    direct: route.gateway === undefined,
  };
}
