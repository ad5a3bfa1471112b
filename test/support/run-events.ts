/** What an engine reports of a run. */

import type { ErrorCode } from '../../lib/model/error-treatment.ts';
import { CapturedDisk, type Manifest } from '../../lib/model/image.ts';
import type { AssignedOperation } from '../../lib/model/operation.ts';
import type { DiskOutcome, Session } from '../../lib/model/task.ts';
import type { RunEvent } from '../../lib/protocol/engine-api.ts';
import {
  sampleManifest,
  STREAMS,
  type SampleStreams,
} from '../server/image-store/sample-manifest.ts';
import { verbatim } from '../../lib/model/messages/table.ts';

/** By the names that the operations give their steps. */
export function writesDisk(stepId: string): boolean {
  return /^(clear|write|make|finish|sync)-/.test(stepId);
}

/** What an engine says it has captured when it has sent `streams`. */
export function capturedDisk(streams: SampleStreams = STREAMS): CapturedDisk {
  const manifest: Manifest = sampleManifest(streams);
  return CapturedDisk.parse(manifest);
}

export function plan(...stepIds: string[]): RunEvent {
  return {
    type: 'plan',
    disk: '/dev/sda (QEMU HARDDISK, QM00001)',
    steps: stepIds.map((id) => ({
      id,
      title: verbatim(`do ${id}`),
      totalBytes: null,
      writes: writesDisk(id),
    })),
  };
}

export function started(stepId: string): RunEvent {
  return { type: 'step-started', stepId };
}

export function stepEnded(
  stepId: string,
  state: 'completed' | 'warned' | 'skipped' | 'failed' | 'aborted' = 'completed',
): RunEvent {
  return { type: 'step-ended', stepId, state, doneBytes: 5, notes: [], error: null };
}

export function operationEnded(
  outcome: 'completed' | 'warned' | 'failed' | 'aborted' = 'completed',
  rest: {
    readonly operationIndex?: number;
    readonly diskOutcome?: DiskOutcome;
    readonly code?: ErrorCode;
  } = {},
): RunEvent {
  const { operationIndex = 0, diskOutcome = 'complete', code } = rest;
  const error =
    code === undefined ? null : { code, message: 'doing it', hint: 'Try again.', causes: [] };
  return { type: 'operation-ended', operationIndex, outcome, diskOutcome, error };
}

/** How a host gets what it is given: by "unicast" or "multicast"; for other work than a deploy, which that is. */
export function transportOf(operation: AssignedOperation): string {
  return operation.type === 'deploy' ? operation.source.type : operation.type;
}

/** What an engine says when its receiver for that session runs. */
export function ready(session: Session): RunEvent {
  return { type: 'session-ready', sessionId: session.id };
}
