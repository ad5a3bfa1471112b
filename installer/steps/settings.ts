/** What operators may change at any time, set once. */

import { Settings } from '../../lib/model/settings.ts';
import { realPath } from '../machine/system.ts';
import type { InstallStep } from '../step.ts';
import { COMMAND } from '../machine/names.ts';

export const settings: InstallStep = {
  name: 'settings',
  title: 'setting automatic registration',
  describe: ({ answers: { automaticRegistration } }) =>
    automaticRegistration === null
      ? []
      : [
          `setting: hosts that nobody knows ${automaticRegistration ? 'register themselves' : 'boot their own disk'}`,
        ],
  check: async ({ system, plan }) => {
    const wanted = plan.answers.automaticRegistration;
    if (wanted === null) return true;
    const { stdout } = await system.run(realPath(system, COMMAND), ['settings', '--json']);
    return Settings.parse(JSON.parse(stdout)).automaticRegistration === wanted;
  },
  apply: async ({ system, plan }) => {
    const value = plan.answers.automaticRegistration === true ? 'on' : 'off';
    await system.run(realPath(system, COMMAND), ['settings', '--automatic-registration', value]);
  },
};
