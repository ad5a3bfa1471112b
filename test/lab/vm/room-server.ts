/** The real server of a room, and what an operator asks it. */

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Run } from '../../../lib/exec/run.ts';
import type { ServiceEnd } from '../../../lib/exec/service.ts';
import type { Site } from '../../../lib/model/site.ts';
import { Program } from '../program.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 20_000;

/** The part of `openclone --json host list` that scenarios look at. */
export const HostList = z.array(
  z.object({
    mac: z.string(),
    name: z.string(),
    approval: z.string(),
    /** Where its engine is connected from, or was last. */
    address: z.string().nullable(),
    systemInfo: z
      .object({
        interfaces: z.array(z.object({ mac: z.string(), addresses: z.array(z.string()) })),
      })
      .nullable(),
  }),
);
export type HostList = z.infer<typeof HostList>;

export type RoomServerOptions = {
  readonly run: Run;
  readonly namespace: string;
  readonly site: Site;
  readonly directory: string;
  readonly logFile: string;
  readonly signal: AbortSignal | undefined;
};

export class RoomServer {
  readonly #options: RoomServerOptions;
  #program: Program | null = null;

  /** Off at first. */
  constructor(options: RoomServerOptions) {
    this.#options = options;
  }

  get socketPath(): string {
    return join(this.#options.directory, 'server.socket');
  }

  /** What the engines have to find in their root file systems. */
  get certificateFile(): string {
    return join(this.#dataDirectory, 'tls/server.crt');
  }

  /** Starts it with the room's site and waits until it is ready. */
  async start(): Promise<Program> {
    const { directory, logFile, namespace, signal, site } = this.#options;
    const siteFile = join(directory, 'site.json');
    writeFileSync(siteFile, JSON.stringify(site));
    const program = new Program({
      name: 'the server',
      namespace,
      file: join(PROJECT, 'server/main.ts'),
      logFile,
      args: [
        '--site',
        siteFile,
        '--data',
        this.#dataDirectory,
        '--images',
        site.imageDirectory,
        '--socket',
        this.socketPath,
      ],
    });
    this.#program = program;
    await program.waitForEvent('ready', START_TIMEOUT_MS, signal);
    return program;
  }

  /** Ends it as systemd would. */
  async stop(): Promise<ServiceEnd | null> {
    return (await this.#program?.stop(STOP_GRACE_MS)) ?? null;
  }

  /** Ends it without a word, as a power cut would. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  /** Runs `openclone --json ARGS…` against it; throws when it fails. */
  async cli(args: readonly string[]): Promise<unknown> {
    const { stdout } = await this.#options.run(process.execPath, [
      join(PROJECT, 'cli/main.ts'),
      '--socket',
      this.socketPath,
      '--json',
      ...args,
    ]);
    return stdout.trim() === '' ? null : JSON.parse(stdout);
  }

  /** Everybody whom it knows. */
  async hosts(): Promise<HostList> {
    return HostList.parse(await this.cli(['host', 'list']));
  }

  get #dataDirectory(): string {
    return join(this.#options.directory, 'data');
  }
}
