/** Programs joined by pipes, each one's exit status looked at. */

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { makePipe } from './pipe.ts';
import { TOOL_ENVIRONMENT, toolError } from './run.ts';

export type Stage = {
  readonly tool: string;
  readonly args: readonly string[];
  /** Where the stage puts its data: file descriptor 1, or 3 for programs that print other things on 1. */
  readonly outputFd?: 1 | 3;
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
  /** Data of the last stage when `output` is "stream". */
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
  const pipes = stages.slice(1).map(() => makePipe());
  const children = stages.map((stage, index) => {
    const previous = pipes[index - 1];
    const next = pipes[index];
    return startStage(
      stage,
      previous === undefined ? stdioOf(ends.input) : previous.readFd,
      next === undefined ? stdioOf(ends.output) : next.writeFd,
    );
  });
  for (const { readFd, writeFd } of pipes) {
    closeSync(readFd);
    closeSync(writeFd);
  }
  const finished = finishAll(stages, children);
  // Whoever kills a pipeline may come to await it late; until then its failure is not unhandled.
  finished.catch(() => undefined);
  const first = children[0];
  const last = children.at(-1);
  return {
    input: ends.input === 'stream' ? (first?.stdin ?? null) : null,
    output: ends.output === 'stream' ? dataOutput(stages.at(-1), last) : null,
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

function startStage(stage: Stage, stdin: Stdio, output: Stdio): ChildProcess {
  const outputFd = stage.outputFd ?? 1;
  const stdio: Stdio[] = outputFd === 1 ? [stdin, output, 'pipe'] : [stdin, 'pipe', 'pipe', output];
  const child = spawn(stage.tool, [...stage.args], {
    env: { ...process.env, ...TOOL_ENVIRONMENT },
    stdio,
  });
  // A child that ends early makes writing to it fail; its exit status tells why, not this error.
  child.stdin?.on('error', () => undefined);
  return child;
}

function dataOutput(stage: Stage | undefined, child: ChildProcess | undefined): Readable | null {
  const stream = child?.stdio[stage?.outputFd ?? 1];
  return stream !== null && stream !== undefined && 'read' in stream ? stream : null;
}

async function finishAll(stages: readonly Stage[], children: ChildProcess[]): Promise<void> {
  const ends = await Promise.all(children.map((child, index) => stageEnd(stages[index], child)));
  const failures = ends.filter((end) => end !== null);
  // A stage ended by SIGPIPE is a victim of the one behind it; a stage that read a cut-off stream, of the one before.
  const blamed = failures.find((end) => end.signal !== 'SIGPIPE') ?? failures[0];
  if (blamed !== undefined) throw toolError(blamed.tool, blamed.args, blamed);
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
    const ended = child.stdout === null || stage.outputFd === 3 ? 'close' : 'exit';
    child.once(ended, (status: number | null, signal: string | null) => {
      const fine = status !== null && (stage.allowedStatuses ?? [0]).includes(status);
      const finish = (): void =>
        resolve(fine ? null : { tool, args, missing: false, status, signal, stderr: text });
      if (ended === 'close' || child.stderr === null || child.stderr.readableEnded) finish();
      else child.stderr.once('close', finish);
    });
  });
}
