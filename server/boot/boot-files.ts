/** Keeps the files with the boot choices as the store wants them: static, so that hosts start when the server is down. */

import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SerialQueue } from '../../lib/async/serial-queue.ts';
import type { Language } from '../../lib/model/language.ts';
import type { MacAddress } from '../../lib/model/names.ts';
import type { Site } from '../../lib/model/site.ts';
import type { Log } from '../../lib/log.ts';
import type { Problem } from '../../lib/model/status.ts';
import type { StoreData } from '../store/schema.ts';
import { bootChoices, UNKNOWN_DISK, type BootChoices } from '../../lib/rules/boot-choice.ts';
import {
  putBootFile,
  putWhereDifferent,
  removeBootFile,
  removeOtherFiles,
} from './boot-directory.ts';
import { bootFileRenderer, type BootFile, type BootFileRenderer } from './boot-file-renderer.ts';
import { readCurrentBuild, type CurrentBuild } from './current-build.ts';
import type { BuildId } from './kernel-command-line.ts';
import { message } from '../../lib/model/messages/table.ts';
import { render } from '../../lib/messages/render.ts';

export type BootFilesOptions = {
  readonly site: Site;
  /** What is durable now. */
  readonly read: () => StoreData;
  /** How often a new build is looked for, what could not be written is tried again, and what is over is taken back. */
  readonly pollMs: number;
  readonly log: Log;
  readonly onChanged: () => void;
};

/** How many files are written at the same time. */
const WRITERS = 16;

export class BootFiles {
  readonly #options: BootFilesOptions;
  #build: CurrentBuild = { type: 'none', what: message('build.server-starting') };
  #list: BootFileRenderer;
  /** Of the hosts' screens, as `#list` has it. */
  #language: Language = 'en';
  /** What the files on the disk say; null: not known, all are compared. */
  #written: BootChoices | null = null;
  #isServing = true;
  /** The last error of writing, as an operator is told. */
  #problem: Problem | null = null;
  readonly #queue = new SerialQueue();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BootFilesOptions) {
    this.#options = options;
    this.#list = bootFileRenderer(options.site, null);
  }

  /** Makes all files as they should be, and keeps looking for new builds. Never rejects: see `problems`. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.#poll(), this.#options.pollMs);
    this.#timer.unref();
  }

  /** The files say what `read` says when this resolves, unless there is a problem. Never rejects. */
  async flush(): Promise<void> {
    return this.#enqueue(() => this.#write());
  }

  /** Looks for a new build and compares every file with what it should be. Never rejects. */
  async refresh(): Promise<void> {
    return this.#enqueue(async () => {
      this.#written = null;
      await this.#lookForBuild();
      await this.#write();
    });
  }

  /** The server stops: unknown hosts boot their own disks from now on. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#isServing = false;
    return this.flush();
  }

  /** The build that hosts with work boot. */
  get build(): BuildId | null {
    return this.#build.type === 'build' ? this.#build.id : null;
  }

  get problems(): Problem[] {
    const noBuild: Problem[] =
      this.#build.type === 'build'
        ? []
        : [
            {
              what: message('server.no-build', { reason: this.#build.what }),
              hint: message('hint.build-rootfs'),
            },
          ];
    return [...noBuild, ...(this.#problem === null ? [] : [this.#problem])];
  }

  async #poll(): Promise<void> {
    await this.#enqueue(async () => {
      await this.#lookForBuild();
      // Time alone changes what hosts boot that were cut off.
      await this.#write();
    });
  }

  /** One after the other, in the order in which they were asked for. */
  async #enqueue(act: () => Promise<void>): Promise<void> {
    const before = JSON.stringify(this.problems);
    return this.#queue.run(async () => {
      try {
        await act();
        this.#problem = null;
      } catch (error) {
        // What is on the disk is not known any more.
        this.#written = null;
        this.#note(error);
      }
      if (JSON.stringify(this.problems) !== before) this.#options.onChanged();
    });
  }

  #note(error: unknown): void {
    const { site, log } = this.#options;
    const cause = error instanceof Error ? error.message : String(error);
    const problem: Problem = {
      what: message('server.boot-files-failed', { said: cause }),
      hint: message('hint.boot-files', { directory: site.tftpDirectory }),
    };
    if (!isDeepStrictEqual(problem, this.#problem)) {
      log.error({ event: 'boot-files-failed', error }, render('en', problem.what));
    }
    this.#problem = problem;
  }

  async #lookForBuild(): Promise<void> {
    const { site, log } = this.#options;
    const found = await readCurrentBuild(site);
    if (JSON.stringify(found) === JSON.stringify(this.#build)) return;
    log.info({ event: 'boot-build', build: found }, 'the build that hosts boot');
    this.#build = found;
    this.#makeList();
  }

  /** All files are compared with it. */
  #makeList(): void {
    this.#list = bootFileRenderer(this.#options.site, this.build, this.#language);
    this.#written = null;
  }

  async #write(): Promise<void> {
    const data = this.#options.read();
    if (data.settings.hostLanguage !== this.#language) {
      this.#language = data.settings.hostLanguage;
      this.#makeList();
    }
    const wanted = bootChoices(data, {
      hasBuild: this.build !== null,
      isServing: this.#isServing,
      now: Date.now(),
    });
    const written = this.#written;
    // Until all is done nobody knows what is there.
    this.#written = null;
    if (written === null) await this.#writeAll(wanted);
    else await this.#writeDifference(written, wanted);
    this.#written = wanted;
  }

  /** Hosts' own files come before the default, which may be the engine where theirs say the disk. */
  async #writeAll(wanted: BootChoices): Promise<void> {
    const files = this.#filesOf([...wanted.byMac.keys()], wanted);
    const paths = new Set(files.map(({ path }) => this.#pathOf(path)));
    await each(files, ({ path, text }) => putWhereDifferent(this.#pathOf(path), text, false));
    await each(this.#list.forUnknownHosts(wanted.others), ({ path, text }) =>
      putWhereDifferent(this.#pathOf(path), text, true),
    );
    for (const { path, names } of this.#list.hostDirectories) {
      await removeOtherFiles(this.#pathOf(path), names, paths);
    }
  }

  async #writeDifference(written: BootChoices, wanted: BootChoices): Promise<void> {
    const changed = [...wanted.byMac.keys()].filter((mac) => !isSameBoot(mac, written, wanted));
    await each(this.#filesOf(changed, wanted), ({ path, text }) =>
      putBootFile(this.#pathOf(path), text, false),
    );
    if (wanted.others !== written.others) {
      await each(this.#list.forUnknownHosts(wanted.others), ({ path, text }) =>
        putWhereDifferent(this.#pathOf(path), text, true),
      );
    }
    const gone = [...written.byMac.keys()].filter((mac) => !wanted.byMac.has(mac));
    await each(this.#filesOf(gone, written), ({ path }) => removeBootFile(this.#pathOf(path)));
  }

  #filesOf(macs: readonly MacAddress[], { byMac, disks, others }: BootChoices): BootFile[] {
    return macs.flatMap((mac) =>
      this.#list.forHost(mac, byMac.get(mac) ?? others, disks.get(mac) ?? UNKNOWN_DISK),
    );
  }

  #pathOf(path: string): string {
    return join(this.#options.site.tftpDirectory, path);
  }
}

/** Whether the files of `mac` have the same texts by both. */
function isSameBoot(mac: MacAddress, one: BootChoices, other: BootChoices): boolean {
  const choice = one.byMac.get(mac);
  if (choice !== other.byMac.get(mac)) return false;
  // Only of disks more is said.
  return choice !== 'disk' || isDeepStrictEqual(one.disks.get(mac), other.disks.get(mac));
}

/** Makes unknown hosts boot their own disks, for when the server has ended without doing so. Throws the system's error. */
export async function releaseBootFiles(site: Site): Promise<void> {
  for (const { path, text } of bootFileRenderer(site, null).forUnknownHosts('disk')) {
    await putWhereDifferent(join(site.tftpDirectory, path), text, true);
  }
}

/** Acts on all items, some at the same time; throws the first error when none is under way any more. */
async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      try {
        await act(item);
      } catch (error) {
        errors.push(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, worker));
  if (errors.length > 0) throw errors[0];
}
