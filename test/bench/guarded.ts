/** Pipelines of the references: like the product's, but ended by the kernel with us, and by the benchmark's signal. */

import {
  startPipeline,
  type Pipeline,
  type PipelineEnd,
  type Stage,
} from '../../lib/exec/pipeline.ts';

/**
 * Starts `stages`, the first one in the network namespace if one is named. Nothing survives this process (setpriv(1))
 * or the abort of `signal`. To be awaited through `finished`.
 */
export function startGuarded(
  stages: readonly Stage[],
  options: {
    readonly output: PipelineEnd;
    readonly signal: AbortSignal;
    readonly namespace?: string;
    /** Of the stage that runs in the namespace; the first when absent. */
    readonly namespaceStage?: number;
  },
): Pipeline {
  const { output, signal, namespace, namespaceStage = 0 } = options;
  const guarded = stages.map((stage, index): Stage => {
    const enter =
      namespace !== undefined && index === namespaceStage ? ['ip', 'netns', 'exec', namespace] : [];
    const args = ['--pdeathsig', 'KILL', ...enter, stage.tool, ...stage.args];
    return { ...stage, tool: 'setpriv', args };
  });
  const pipeline = startPipeline(guarded, { input: 'none', output });
  const kill = (): void => pipeline.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  const finished = pipeline.finished.finally(() => signal.removeEventListener('abort', kill));
  finished.catch(() => undefined);
  return { ...pipeline, finished };
}
