/** Capturing, last step: the name, how it is compressed, what the host does afterwards; then it starts. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import { Compression, type Image } from '../../../lib/model/image.ts';
import { filesystemTraits } from '../../../lib/filesystems/kinds.ts';
import { Name } from '../../../lib/model/names.ts';
import type { Disk } from '../../../lib/model/system-info.ts';
import { withShutdown, type TaskRequest } from '../../../lib/model/task-request.ts';
import type { Model } from '../../model.ts';
import { afterwardsField, afterwardsIn } from '../../presentation/tasks/afterwards-field.ts';
import { wholeHost } from '../../presentation/hosts/chosen-hosts.ts';
import { compressionField } from '../../presentation/images/compression-field.ts';
import { wrap } from '../../components/dialog.ts';
import {
  checkboxField,
  isOn,
  newForm,
  refused,
  textField,
  valueOf,
  type Form,
} from '../../components/form.ts';
import { momentAfter, untilField, waitMsIn } from '../../presentation/tasks/wait-field.ts';
import { formScreen } from '../../components/form-screen.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import { whyNotCapture } from '../../presentation/images/image-uses.ts';
import { taskTitle } from '../../presentation/tasks/task-title.ts';
import { checkWith } from '../../components/text-checks.ts';
import { line, span, type Line, type Style } from '../../picture.ts';
import { request } from '../../requests.ts';
import type { Action, Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { openTask } from '../task.ts';

type Source = { readonly hostId: HostId; readonly disk: string };

/** The screens of the wizard, from the last to the first. */
const STEPS = ['capture-options', 'capture-disk', 'capture-host'] as const;

export function captureOptionsScreen(source: Source, model: Model): Screen {
  const texts = textsOf(model.language).capture;
  const host = hostIn(source, model);
  const isOff = host !== null && !isRunning(host);
  return formScreen({
    name: 'capture-options',
    title: (now) =>
      textsOf(now.language).capture.optionsTitle(hostIn(source, now)?.name ?? '', source.disk),
    form: newForm([
      textField('name', texts.imageName, host === null ? '' : proposal(host, model), {
        mostCharacters: 64,
        check: (text) => checkWith(Name, text),
      }),
      compressionField(model.settings?.captureCompression ?? null, model),
      afterwardsField(model),
      ...(isOff ? [checkboxField('wake', texts.wake, true)] : []),
      untilField(model),
    ]),
    intro: (_, { language }) => textsOf(language).capture.optionsIntro,
    outcome: (form, now, width) => explanation(source, form, now, width),
    label: ({ language }) => textsOf(language).capture.start,
    help: ({ language }) => textsOf(language).capture.startHelp,
    whyNot: (form, now) => whyNotStart(source, form, now),
    submit: (form, now) => startActions(source, form, now),
  });
}

function hostIn({ hostId }: Source, model: Model): HostView | null {
  return wholeHost(hostId, model)?.host ?? null;
}

function diskIn(source: Source, model: Model): Disk | null {
  const disks = hostIn(source, model)?.systemInfo?.disks ?? [];
  return disks.find(({ address }) => address === source.disk) ?? null;
}

/** The image that was last captured from this host gets a new version; else one is called after its system. */
function proposal(host: HostView, { images }: Model): string {
  const ofHost = images
    .flatMap(({ name, versions }) =>
      versions.map(({ hostId, capturedAt }) => ({ name, hostId, capturedAt })),
    )
    .filter(({ hostId }) => hostId === host.id)
    .toSorted((one, other) => Date.parse(other.capturedAt) - Date.parse(one.capturedAt));
  const [last] = ofHost;
  if (last !== undefined) return last.name;
  const [system] = host.systemInfo?.operatingSystems ?? [];
  const words = (system?.name ?? host.name).toLowerCase().split(/[^\p{L}\p{N}.]+/u);
  const name = words
    .filter((word) => word !== '')
    .slice(0, 3)
    .join('-');
  return Name.safeParse(name).success ? name : host.name;
}

function existing(form: Form, { images }: Model): Image | null {
  const wanted = valueOf(form, 'name').normalize('NFC').toLowerCase();
  return images.find(({ name }) => name.normalize('NFC').toLowerCase() === wanted) ?? null;
}

function whyNotStart(source: Source, form: Form, model: Model): string | null {
  const { capture: texts, hosts } = textsOf(model.language);
  const host = hostIn(source, model);
  if (host === null) return hosts.gone;
  if (diskIn(source, model) === null) return texts.diskGone;
  const name = valueOf(form, 'name');
  const title = texts.starting(host.name);
  if (model.underWay.some((each) => each.title === title)) return texts.isStarting;
  return refusalFor('host.work', { approval: host.approval }) ?? whyNotCapture(name, model);
}

function startActions(source: Source, form: Form, model: Model): readonly Action[] {
  const texts = textsOf(model.language).capture;
  const host = hostIn(source, model);
  const hasWake = form.fields.some(({ name }) => name === 'wake');
  const params: TaskRequest = {
    targets: [source.hostId],
    disk: { type: 'address', value: source.disk },
    operations: withShutdown(
      [
        {
          type: 'capture',
          imageName: existing(form, model)?.name ?? valueOf(form, 'name'),
          compression: Compression.parse(valueOf(form, 'compression')),
        },
      ],
      afterwardsIn(form),
    ),
    wake: hasWake && isOn(form, 'wake'),
    waitMs: waitMsIn(form, model),
  };
  return [
    request(texts.starting(host?.name ?? ''), 'task.create', params, (task) => [
      ...STEPS.map((name): Action => ({ type: 'close', name })),
      ...openTask(task, model),
      { type: 'notice', text: texts.started(taskTitle(task, model)), isBad: false },
    ]),
  ];
}

/** What the choices come to, and what can go wrong. */
function explanation(source: Source, form: Form, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).capture;
  const host = hostIn(source, model);
  const disk = diskIn(source, model);
  const image = existing(form, model);
  const free = model.status?.server.imageStore.freeBytes ?? null;
  const kind = Compression.parse(valueOf(form, 'compression'));
  const notes: (readonly [string, Style])[] = [
    [
      image === null
        ? texts.newImage(valueOf(form, 'name'))
        : texts.newVersion(image.name, image.versions.length),
      'strong',
    ],
    [texts.compressions[kind], 'plain'],
  ];
  if (disk !== null && free !== null) {
    const isTight = free < disk.sizeBytes;
    notes.push([
      isTight
        ? texts.maybeFull(bytesText(free, model), bytesText(disk.sizeBytes, model))
        : texts.space(bytesText(free, model)),
      isTight ? 'warn' : 'plain',
    ]);
  }
  if (host !== null && host.state !== 'idle' && refused(form) === null) {
    const until = momentAfter(waitMsIn(form, model), model);
    const isWaiting = isRunning(host) ? texts.isWorking : texts.isOff;
    notes.push([isWaiting(host.name, until), 'warn']);
  }
  if (host !== null && host.halfWritten !== null) notes.push([texts.isHalfWritten, 'bad']);
  const hasWindows =
    disk?.partitions.some(
      ({ filesystem }) => filesystemTraits(filesystem?.type ?? null).isOfWindows === true,
    ) === true;
  if (hasWindows) notes.push([texts.windows, 'plain']);
  return notes.flatMap(([text, style]) =>
    wrap(text, Math.min(100, width - 5)).map((part, index) =>
      line(span(index === 0 ? ' - ' : '   ', 'dim'), span(part, style)),
    ),
  );
}
