/** The steps that the tests of changes make and take back, on a system that is a directory. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executeSteps, type StepProgress } from '../../installer/execute.ts';
import type { InstallStep } from '../../installer/step.ts';
import type { System } from '../../installer/machine/system.ts';
import type { Plan } from '../../installer/plan.ts';
import { sampleContext, samplePlan } from './samples.ts';

/** groupadd and useradd as far as the files show it. */
export async function addAccounts(system: System): Promise<void> {
  await writeFile(join(system.root, 'etc/group'), 'root:x:0:\nopenclone:x:990:\n');
  await writeFile(
    join(system.root, 'etc/passwd'),
    'root:x:0:0::/:/bin/sh\ndnsmasq:x:105:65534::/:/\nopenclone:x:991:990::/:/\n',
  );
}

export async function execute(
  system: System,
  steps: readonly InstallStep[],
  {
    signal = new AbortController().signal,
    plan = samplePlan(),
  }: { readonly signal?: AbortSignal; readonly plan?: Plan } = {},
): Promise<string[]> {
  const progress: string[] = [];
  const onProgress = ({ type, step }: StepProgress): Promise<void> => {
    progress.push(`${type} ${step.name}`);
    return Promise.resolve();
  };
  const context = await sampleContext(system, plan);
  await executeSteps(steps, context, { signal, onProgress });
  return progress;
}
