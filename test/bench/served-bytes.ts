/** What a server's namespace sends, by service: counters of nftables(8). */

import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';

export type Served = { readonly http: number; readonly nfs: number; readonly other: number };

const TABLE = 'openclone_bench';

const Ruleset = z.object({
  nftables: z.array(
    z.object({ counter: z.object({ name: z.string(), bytes: z.int() }).optional() }),
  ),
});

export class ServedBytes {
  readonly #run: Run;
  readonly #namespace: string;

  constructor(run: Run, namespace: string) {
    this.#run = run;
    this.#namespace = namespace;
  }

  /** Counts from now on; the counters go with the namespace. */
  async begin(): Promise<void> {
    await this.#nft([
      `table ip ${TABLE} {`,
      ' counter http {}',
      ' counter nfs {}',
      ' counter other {}',
      ' chain sent {',
      '  type filter hook output priority filter;',
      '  oifname "lo" accept',
      '  tcp sport 80 counter name http accept',
      '  tcp sport 2049 counter name nfs accept',
      '  counter name other accept',
      ' }',
      '}',
    ]);
  }

  /** Bytes of IP packets since `begin`. */
  async read(): Promise<Served> {
    const { stdout } = await this.#nft([`list counters table ip ${TABLE}`], '--json');
    const { nftables } = Ruleset.parse(JSON.parse(stdout));
    const bytesOf = (name: string): number => {
      const counter = nftables.find((each) => each.counter?.name === name)?.counter;
      if (counter === undefined) throw new Error(`nftables has no counter ${name}`);
      return counter.bytes;
    };
    return { http: bytesOf('http'), nfs: bytesOf('nfs'), other: bytesOf('other') };
  }

  async #nft(lines: readonly string[], ...options: string[]): Promise<{ stdout: string }> {
    return this.#run('ip', ['netns', 'exec', this.#namespace, 'nft', ...options, lines.join('\n')]);
  }
}
