/** Operations planned and carried out on real disks, against a server in memory that keeps and sends the streams. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { planOperation } from '../../../engine/operations/table.ts';
import { LingeringWriters } from '../../../engine/disk/lingering-writers.ts';
import { ProgressMeter } from '../../../engine/progress.ts';
import { runSteps, type OperationEnd } from '../../../engine/step-runner.ts';
import { collectSystemInfo } from '../../../engine/system-info/collect.ts';
import { run, type Run } from '../../../lib/exec/run.ts';
import { ImageId, RunId, RunToken, VersionId } from '../../../lib/model/ids.ts';
import { CapturedDisk, streamsOf, type Compression } from '../../../lib/model/image.ts';
import { Sha256 } from '../../../lib/model/names.ts';
import type { DeployImage } from '../../../lib/model/operations/assignment.ts';
import type { EngineOperation } from '../../../lib/model/operation.ts';
import { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { encodeFrame } from '../../../lib/protocol/session-stream.ts';
import { SESSION_STREAM_VERSION } from '../../../lib/protocol/version.ts';
import { makeCertificate, SILENT_LOG, startEngineServer, startLink } from '../engine-server.ts';
import { scratchDirectory } from '../scratch-disk.ts';

export const RUN_ID = RunId.parse('run-0000000001');
const ASSIGNMENT = { runId: RUN_ID, token: RunToken.parse('a'.repeat(64)), operationIndex: 0 };

export type DataChannel = {
  /** What was uploaded, by name. */
  readonly streams: Map<string, Buffer>;
  /** How often a transmission was asked for. */
  asked: number;
  /** Answers the request for a transmission; 404 when absent. */
  onSession?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Called before an upload is taken; true when it took the request over. */
  onUpload?: (request: IncomingMessage, response: ServerResponse) => boolean;
};

export type Performed = {
  readonly end: OperationEnd;
  readonly events: readonly RunEvent[];
  /** How each step ended: "check-target completed". */
  readonly steps: readonly string[];
};

export type Host = {
  readonly data: DataChannel;
  readonly lingeringWriters: LingeringWriters;
  /** Plans and carries out. Rejects when already the planning fails. */
  readonly perform: (
    operation: EngineOperation,
    options?: { signal?: AbortSignal; run?: Run; onEvent?: (event: RunEvent) => void },
  ) => Promise<Performed>;
};

/** An engine's surroundings on a host that has the disks `addresses`. */
export async function makeHost(t: TestContext, addresses: readonly string[]): Promise<Host> {
  const data: DataChannel = { streams: new Map(), asked: 0 };
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, {
    certificate,
    onRequest: (request, response) =>
      void answer(data, request, response).catch(() => response.destroy()),
  });
  const link = startLink(t, { port: server.port, certificate });
  const workDirectory = await scratchDirectory(t);
  const lingeringWriters = new LingeringWriters();
  return {
    data,
    lingeringWriters,
    perform: async (operation, options = {}) => {
      const signal = options.signal ?? new AbortController().signal;
      const events: RunEvent[] = [];
      const hear = (event: RunEvent): void => {
        const description = data.streams.get('description');
        data.streams.delete('description');
        const isCaptured = event.type === 'captured' && description !== undefined;
        // As the server takes it: what was sent before belongs to it.
        events.push(
          isCaptured
            ? { ...event, image: CapturedDisk.parse(JSON.parse(description.toString())) }
            : RunEvent.parse(event),
        );
        options.onEvent?.(event);
      };
      const sink = {
        emit: hear,
        emitDurably: (event: RunEvent) => {
          hear(event);
          return Promise.resolve();
        },
        fault: (what: string, error: unknown) => assert.fail(`${what}: ${String(error)}`),
      };
      const planned = await planOperation(operation, {
        run: options.run ?? run,
        cleanUpRun: run,
        link,
        log: SILENT_LOG,
        signal,
        events: sink,
        systemInfo: () => collectSystemInfo(run, { onlyDisks: addresses }),
        lingeringWriters,
        workDirectory,
        serverHost: '127.0.0.1',
      });
      const end = await runSteps(planned, 0, new ProgressMeter(), sink, signal);
      RunEvent.parse(end);
      const steps = events.flatMap((event) =>
        event.type === 'step-ended' ? [`${event.stepId} ${event.state}`] : [],
      );
      return { end, events, steps };
    },
  };
}

export function captureOf(address: string, compression: Compression = 'zstd'): EngineOperation {
  const disk = { type: 'address', value: address } as const;
  return { ...ASSIGNMENT, type: 'capture', disk, compression };
}

export function deployOf(
  address: string,
  image: DeployImage,
): Extract<EngineOperation, { type: 'deploy' }> {
  const disk = { type: 'address', value: address } as const;
  return { ...ASSIGNMENT, type: 'deploy', disk, image, source: { type: 'unicast' } };
}

export function partitionOf(address: string, image: DeployImage): EngineOperation {
  const disk = { type: 'address', value: address } as const;
  return { ...ASSIGNMENT, type: 'partition', disk, image };
}

/** The image that a capture reported, as a server would tell it to a deploying engine. */
export function imageOf({ events }: Performed): DeployImage {
  const captured = events.find((event) => event.type === 'captured');
  assert.ok(captured !== undefined, 'nothing was captured');
  return {
    ...CapturedDisk.parse(captured.image),
    imageId: ImageId.parse('image-0000000001'),
    versionId: VersionId.parse('version-0000000001'),
    name: 'win11',
    manifestSha256: Sha256.parse('c'.repeat(64)),
  };
}

/** The whole transmission of an image for a unicast run, and where each stream's bytes lie in it. */
export function transmissionFor(
  image: DeployImage,
  streams: ReadonlyMap<string, Buffer>,
): { bytes: Buffer; places: Map<string, number> } {
  const transmissionId = RUN_ID;
  const all = streamsOf(image);
  const { imageId, versionId, manifestSha256 } = image;
  const pieces = [
    encodeFrame({
      type: 'session',
      protocolVersion: SESSION_STREAM_VERSION,
      transmissionId,
      imageId,
      versionId,
      manifestSha256,
      streamCount: all.length,
    }),
  ];
  const places = new Map<string, number>();
  for (const [index, { name, sizeBytes, sha256 }] of all.entries()) {
    pieces.push(encodeFrame({ type: 'stream', transmissionId, index, name, sizeBytes, sha256 }));
    places.set(
      name,
      pieces.reduce((sum, piece) => sum + piece.length, 0),
    );
    pieces.push(streams.get(name) ?? assert.fail(`${name} is not there`));
  }
  pieces.push(encodeFrame({ type: 'end', transmissionId }));
  return { bytes: Buffer.concat(pieces), places };
}

/** Lets the server send `bytes` to every client. */
export function send(data: DataChannel, bytes: Buffer): void {
  data.onSession = (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.end(bytes);
  };
}

async function answer(
  data: DataChannel,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET') {
    data.asked += 1;
    if (data.onSession === undefined) response.writeHead(404).end();
    else data.onSession(request, response);
    return;
  }
  if (data.onUpload?.(request, response) === true) return;
  const bytes = await buffer(request);
  data.streams.set(request.url?.split('/').at(-1) ?? '', bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  response.end(JSON.stringify({ sizeBytes: bytes.length, sha256 }));
}
