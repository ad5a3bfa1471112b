/** Operators' calls about the server as a whole: its settings, and what hosts boot. */

import { z } from 'zod';
import { Settings, SettingsChange } from '../../model/settings.ts';
import { BootBuild, Problem } from '../../model/status.ts';
import { changes, polls, type OperatorMethod } from './method.ts';
import { Nothing } from './references.ts';

export const SETTINGS_METHODS = {
  'settings.get': polls(Nothing, Settings),
  'settings.set': changes(['settings'], SettingsChange, Settings),
} as const satisfies Record<string, OperatorMethod>;

export const BOOT_METHODS = {
  /** Looks for a new build and writes all files with boot choices again where they differ. */
  'boot.refresh': changes(
    [],
    Nothing,
    z.object({ build: BootBuild, problems: z.array(Problem).max(1000) }),
  ),
} as const satisfies Record<string, OperatorMethod>;
