/** Runs scenarios, those that want the same kind of room in one room. */

import type { Suite } from '../install/suite.ts';
import { openVmRoom, type VmRoom } from './room.ts';
import { describeRoom, type Scenario } from './scenario.ts';

export type ScenarioOutcome = {
  readonly name: string;
  readonly title: string;
  readonly elapsedMs: number;
  readonly error: unknown;
  /** What the scenario has to say beside that it passed; empty for most. */
  readonly note: string;
};

export type RunEvents = {
  readonly onRoom?: (scenarios: readonly Scenario[]) => void;
  readonly onOutcome?: (outcome: ScenarioOutcome) => void;
  /** The room of a failed scenario, before it is removed. */
  readonly onFailure?: (room: VmRoom, outcome: ScenarioOutcome) => void;
};

/** One outcome a scenario, in order. Throws when a room cannot be made, or when `signal` aborts. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  suite: Suite,
  events: RunEvents,
  signal?: AbortSignal,
): Promise<ScenarioOutcome[]> {
  const outcomes: ScenarioOutcome[] = [];
  for (const group of byRoom(scenarios)) {
    const [first] = group;
    if (first === undefined) continue;
    events.onRoom?.(group);
    const room = await openVmRoom({
      ...first.room,
      suite,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      await room.open();
      for (const scenario of group) {
        const outcome = await runOne(room, scenario);
        signal?.throwIfAborted();
        events.onOutcome?.(outcome);
        if (outcome.error !== null) events.onFailure?.(room, outcome);
        await room.switchOff();
        outcomes.push(outcome);
      }
    } finally {
      await room.close();
    }
  }
  return outcomes;
}

async function runOne(room: VmRoom, scenario: Scenario): Promise<ScenarioOutcome> {
  const { name, title } = scenario;
  const startedAt = performance.now();
  const outcome = (error: unknown, note = ''): ScenarioOutcome => {
    return { name, title, elapsedMs: Math.round(performance.now() - startedAt), error, note };
  };
  try {
    const note = await scenario.run(room);
    return outcome(null, typeof note === 'string' ? note : '');
  } catch (error) {
    return outcome(error);
  }
}

function byRoom(scenarios: readonly Scenario[]): Scenario[][] {
  const groups = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    const kind = describeRoom(scenario.room);
    groups.set(kind, [...(groups.get(kind) ?? []), scenario]);
  }
  return [...groups.values()];
}
