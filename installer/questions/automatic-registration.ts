/** The question whether unknown hosts are registered automatically. */

import { defineQuestion } from './question.ts';

export const automaticRegistration = defineQuestion({
  key: 'automaticRegistration',
  // Operators may have switched it since: an update leaves it as it is.
  propose: ({ isUpdate }) => (isUpdate ? null : true),
  isAsked: ({ isUpdate }, { automaticRegistration: known }) =>
    known === undefined ? !isUpdate : known !== null,
  ask: (prompter, proposal) => {
    prompter.explain(
      'A host that nobody knows can boot OpenClone once and register itself: convenient while rooms are taken in. Later it is safer off: `openclone settings --automatic-registration off`.',
    );
    return prompter.confirm({
      message: 'Register unknown hosts automatically?',
      proposal: proposal ?? true,
    });
  },
});
