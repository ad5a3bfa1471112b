/** What the steps of one capture share. */

import type { Run } from '../../lib/exec/run.ts';
import type { RunId, RunToken } from '../../lib/model/ids.ts';
import type { Disk } from '../../lib/model/system-info.ts';
import type { UploadContext } from '../transport/upload-with-retry.ts';
import type { Compressor } from './compression.ts';

export type CaptureJob = UploadContext & {
  readonly target: { readonly runId: RunId; readonly token: RunToken };
  readonly run: Run;
  readonly workDirectory: string;
  readonly disk: Disk;
  readonly compressor: Compressor;
};
