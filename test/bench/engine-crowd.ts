/**
 * A program for the UI's benchmark: `engine-crowd.ts DIRECTORY PORT COUNT` connects COUNT engines to the server of
 * that directory; each takes its work and reports progress once a second, as real ones do, until it is ended.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedStep } from '../../lib/model/step.ts';
import { RunningServer } from '../server/running-server.ts';
import { type TestEngine } from '../server/test-engine.ts';
import { message } from '../../lib/model/messages/table.ts';

const REPORT_MS = 1000;
/** How many connect at once. */
const TOGETHER = 20;
const TOTAL_BYTES = 20_000_000_000;

/** As long as the plan of a deployment of five partitions. */
const STEPS: readonly PlannedStep[] = Array.from({ length: 14 }, (_, index) => ({
  id: `write-p${index}`,
  title: message('step.write-partition', {
    partition: index,
    filesystem: 'ntfs',
    sizeBytes: 12_300_000_000,
  }),
  totalBytes: TOTAL_BYTES,
  writes: true,
}));

const [directory = '', port = '', count = ''] = process.argv.slice(2);
const server = new RunningServer(directory, Number(port));
const numbers = Array.from({ length: Number(count) }, (_, index) => index + 1);
for (let at = 0; at < numbers.length; at += TOGETHER) {
  await Promise.all(
    numbers.slice(at, at + TOGETHER).map(async (number) => {
      const engine = await server.readyEngine(number);
      void work(engine, number);
    }),
  );
}

async function work(engine: TestEngine, number: number): Promise<void> {
  await engine.heard('work');
  const { runId } = await engine.nextWork();
  await engine.report(
    runId,
    1,
    { type: 'plan', steps: [...STEPS], disk: '/dev/nvme0n1 (Samsung SSD 970 EVO Plus 500GB)' },
    { type: 'step-started', stepId: 'write-p0' },
  );
  // Not all at the same moment.
  await delay((number * 37) % REPORT_MS);
  for (let second = 1; ; second += 1) {
    const doneBytes = Math.min(TOTAL_BYTES, second * 10_000_000);
    const progress = {
      doneBytes,
      totalBytes: TOTAL_BYTES,
      fraction: doneBytes / TOTAL_BYTES,
      bytesPerSecond: 10_000_000 + number,
      remainingMs: 60_000,
    };
    await engine.peer.call('statusUpdate', {
      runId,
      firstSequence: 3,
      events: [],
      progress: { stepId: 'write-p0', step: progress, total: progress },
    });
    await delay(REPORT_MS);
  }
}
