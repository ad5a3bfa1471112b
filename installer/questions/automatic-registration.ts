/** What becomes of hosts that nobody knows. */

import { defineQuestion } from './question.ts';

export const automaticRegistration = defineQuestion({
  key: 'automaticRegistration',
  // Operators may have switched it since: an update leaves it as it is.
  propose: ({ isUpdate }) => (isUpdate ? null : true),
  ask: (prompter, proposal) => {
    if (proposal === null) return Promise.resolve(proposal);
    prompter.explain(
      'A host that nobody knows can boot OpenClone once and register itself: convenient while rooms are taken in. Later it is safer off: `openclone settings --automatic-registration off`.',
    );
    return prompter.confirm({ message: 'Register unknown hosts automatically?', proposal });
  },
});
