/** Programs joined by pipes, each one's exit status looked at. */

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { makePipe, type Pipe } from './pipe.ts';
import { TOOL_ENVIRONMENT, toolError } from './run.ts';

export type Stage = {
  readonly tool: string;
  readonly args: readonly string[];
  /** Where the stage puts its data: file descriptor 1, or 3 for programs that print other things on 1. */
  readonly outputFd?: 1 | 3;
  /**
   * How late the kernel may wake the stage from a sleep, in nanoseconds (proc(5), timerslack_ns): makes a program that
   * polls in a tight loop poll seldom. Its threads inherit it.
   */
  readonly timerSlackNs?: number;
  /** Exit statuses that are no failure; only 0 when absent. */
  readonly allowedStatuses?: readonly number[];
  /** Called with what the stage writes to its standard error (and to 1, when its data goes to 3). */
  readonly onText?: (text: string) => void;
};

/** Where a pipeline's data comes from or goes to: nowhere, this process, or an open file descriptor. */
export type PipelineEnd = 'none' | 'stream' | { readonly fd: number };

export type Pipeline = {
  /** Standard input of the first stage when `input` is "stream". */
  readonly input: Writable | null;
  /** Data of the last stage when `output` is "stream": read or destroyed by the caller, early or late. */
  readonly output: Readable | null;
  /** Resolves when every stage ended well; rejects with the `tool-failed` of the stage that is to blame. */
  readonly finished: Promise<void>;
  /** Process ids, first stage first. */
  readonly pids: readonly number[];
  /** Sends a signal to every stage that still runs. */
  readonly kill: (signal: NodeJS.Signals) => void;
};

/**
 * Starts all `stages`, the output of each joined to the input of the next by a kernel pipe. The caller keeps the
 * file descriptors it handed in. Must be awaited through `finished`, also after `kill`.
 */
export function startPipeline(
  stages: readonly Stage[],
  ends: { readonly input: PipelineEnd; readonly output: PipelineEnd },
): Pipeline {
  const pipes: Pipe[] = [];
  const children: ChildProcess[] = [];
  let outputFd: number | undefined;
  try {
    for (const [index, stage] of stages.entries()) {
      const previous = pipes.at(-1);
      const isJoined = index < stages.length - 1 || ends.output === 'stream';
      const next = isJoined ? makePipe() : undefined;
      if (next !== undefined) pipes.push(next);
      const stdin = previous?.readFd ?? stdioOf(ends.input);
      children.push(startStage(stage, stdin, next?.writeFd ?? stdioOf(ends.output)));
    }
    if (ends.output === 'stream') outputFd = pipes.at(-1)?.readFd;
  } catch (error) {
    for (const child of children) child.on('error', () => undefined).kill('SIGKILL');
    throw error;
  } finally {
    for (const { readFd, writeFd } of pipes) {
      if (readFd !== outputFd) closeSync(readFd);
      closeSync(writeFd);
    }
  }
  // Node throws away what is still unread in a pipe of its own when the program has ended: this one is ours.
  const output = outputFd === undefined ? null : new Socket({ fd: outputFd, writable: false });
  const finished = finishAll(stages, children);
  // The caller that kills a pipeline may await it late; until then its failure is not unhandled.
  finished.catch(() => {
    // Nobody wants the rest of what has failed.
    const isRead = ['readable', 'data'].some((event) => output?.listenerCount(event) !== 0);
    if (!isRead) output?.resume();
  });
  return {
    input: ends.input === 'stream' ? (children[0]?.stdin ?? null) : null,
    output,
    finished,
    pids: children.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    kill: (signal) => {
      for (const child of children) child.kill(signal);
    },
  };
}

type Stdio = 'ignore' | 'pipe' | number;

function stdioOf(end: PipelineEnd): Stdio {
  if (end === 'none') return 'ignore';
  return end === 'stream' ? 'pipe' : end.fd;
}

const TIMER_SLACK_FILE = '/proc/self/timerslack_ns';
/** The kernel's own default. */
const USUAL_TIMER_SLACK_NS = 50_000;

/** A child inherits the slack of the thread that starts it: ours is changed for just that moment. */
function withTimerSlack<T>(slackNs: number | undefined, start: () => T): T {
  if (slackNs === undefined) return start();
  writeFileSync(TIMER_SLACK_FILE, String(slackNs));
  try {
    return start();
  } finally {
    writeFileSync(TIMER_SLACK_FILE, String(USUAL_TIMER_SLACK_NS));
  }
}

function startStage(stage: Stage, stdin: Stdio, output: Stdio): ChildProcess {
  const outputFd = stage.outputFd ?? 1;
  const stdio: Stdio[] = outputFd === 1 ? [stdin, output, 'pipe'] : [stdin, 'pipe', 'pipe', output];
  const child = withTimerSlack(stage.timerSlackNs, () =>
    spawn(stage.tool, [...stage.args], {
      env: { ...process.env, ...TOOL_ENVIRONMENT },
      stdio,
    }),
  );
  // A child that ends early makes writing to it fail; its exit status tells why, not this error.
  child.stdin?.on('error', () => undefined);
  return child;
}

async function finishAll(stages: readonly Stage[], children: ChildProcess[]): Promise<void> {
  const ends = await Promise.all(
    children.map(async (child, index) => {
      const end = await stageEnd(stages[index], child);
      // Who writes to it gets this signal by itself, but who has yet to open the pipe as /dev/fd/N waits for ever.
      if (end !== null) for (const before of children.slice(0, index)) before.kill('SIGPIPE');
      return end;
    }),
  );
  const failures = ends.filter((end) => end !== null);
  // A stage that broke off writing is a victim of the one behind it; one that read a cut-off stream, of the one before.
  const blamed = failures.find((end) => !diedWriting(end)) ?? failures[0];
  if (blamed !== undefined) throw toolError(blamed.tool, blamed.args, blamed);
}

/** Ended by SIGPIPE, or by the error that a program gets that ignores it (EPIPE, write(2)). */
function diedWriting({ signal, stderr }: StageFailure): boolean {
  return signal === 'SIGPIPE' || /broken pipe/i.test(stderr);
}

type StageFailure = {
  tool: string;
  args: readonly string[];
  missing: boolean;
  status: number | null;
  signal: string | null;
  stderr: string;
};

function stageEnd(stage: Stage | undefined, child: ChildProcess): Promise<StageFailure | null> {
  if (stage === undefined) return Promise.resolve(null);
  let text = '';
  const listen = (stream: Readable | null | undefined): void => {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-8192);
      stage.onText?.(chunk);
    });
  };
  listen(child.stderr);
  if (stage.outputFd === 3) listen(child.stdout);
  const { tool, args } = stage;
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      resolve({ tool, args, missing, status: null, signal: null, stderr: error.message });
    });
    // 'close' comes after 'exit' and after standard error was read to its end.
    child.once('close', (status: number | null, signal: string | null) => {
      const fine = status !== null && (stage.allowedStatuses ?? [0]).includes(status);
      resolve(fine ? null : { tool, args, missing: false, status, signal, stderr: text });
    });
  });
}
