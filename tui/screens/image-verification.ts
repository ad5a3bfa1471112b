/** What a verification of an image found, as a message. */

import type { Verification } from '../../lib/model/image.ts';
import type { Model } from '../model.ts';
import { textsOf } from '../text/catalogue.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import type { ScreenStates } from '../screen-states.ts';
import { render } from '../../lib/messages/render.ts';

export function verificationDialog(
  name: string,
  results: readonly Verification[],
  model: Model,
): ScreenStates['message'] {
  const texts = textsOf(model.language).images;
  const title = texts.verifyTitle(name);
  const problems = results.flatMap(({ versionId, problems: found }) =>
    found.map(({ file, problem }) => `${versionId} ${file}: ${render(model.language, problem)}`),
  );
  if (problems.length > 0) {
    const all = [texts.unsound(problems.length), '', ...problems, '', texts.unsoundHint];
    return { title, texts: all, style: 'bad' };
  }
  const files = results.reduce((sum, { filesChecked }) => sum + filesChecked, 0);
  const bytes = results.reduce((sum, { bytesChecked }) => sum + bytesChecked, 0);
  const sound = texts.sound(results.length, files, bytesText(bytes, model));
  return { title, texts: [sound], style: 'good' };
}
