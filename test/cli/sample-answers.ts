/** What small servers answer to commands about tasks and images. */

import { doneRun, sampleRun, sampleTask, workingRun } from '../support/tasks.ts';

export const WAITING = sampleTask([sampleRun(1), sampleRun(2), sampleRun(3)]);

export const WORKING = sampleTask([workingRun(1), workingRun(2), workingRun(3)]);

export const DONE = sampleTask([doneRun(1), doneRun(2), doneRun(3)]);
