/** Putting a task together: the operations in order, on one disk of each host; then it starts. */

import { cut, padEnd, widthOf } from '../../../lib/columns.ts';
import { parseWaitEnd } from '../../../lib/wait-end.ts';
import type { WantedOperation } from '../../../lib/model/operation.ts';
import { layoutOf } from '../../layout.ts';
import type { Model } from '../../model.ts';
import { choiceDialog } from '../../components/choice-dialog.ts';
import { confirmDialog } from '../../components/confirm-dialog.ts';
import { wrap } from '../../components/dialog.ts';
import { diskFaultText, diskName } from '../../presentation/hosts/disk-choice.ts';
import { textDialog } from '../../components/form-dialog.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import {
  entryAt,
  TOP,
  moveSelection,
  resolveSelection,
  type ListSource,
  type Selection,
} from '../../components/selection.ts';
import { tableRows, tableView, type Column } from '../../components/table-view.ts';
import { checkUntil, defaultUntil, momentAfter } from '../../presentation/tasks/wait-field.ts';
import { taskTitle } from '../../presentation/tasks/task-title.ts';
import { line, span, splitRows, stack, type Area, type Line, type Picture } from '../../picture.ts';
import { request } from '../../requests.ts';
import { stay, type Action, type Command, type Reaction, type Screen } from '../../screen.ts';
import { glyphsOf } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { reasonIn } from '../../text/reasons.ts';
import { openTask } from '../task.ts';
import { operationDialog, operationText } from './operation-dialogs.ts';
import {
  chosenDisk,
  disksOf,
  faultsOf,
  KINDS,
  overwrites,
  targetsOf,
  whyNotAdd,
  withOperation,
  type TaskPlan,
} from './plan.ts';

const LIST = 'task-operations';
const NAME = 'task-editor';
const HEAD_ROWS = 5;

export function taskEditorScreen(plan: TaskPlan, place: Selection = TOP): Screen {
  const screen: Screen = {
    name: NAME,
    isDialog: false,
    title: ({ language }) => textsOf(language).newTask.title,
    commands: (model) => commandsFor(plan, place, model, screen),
    react: (event, model): Reaction => {
      const { table } = partsOf(plan, layoutOf(model).body);
      const moved = moveSelection(place, event, listedIn(plan), tableRows(table));
      if (moved === null) return stay(screen);
      const next = taskEditorScreen(plan, moved);
      if (event.type !== 'click' || !event.isDouble) return stay(next);
      const edit = next.commands(model).find(({ name }) => name === 'edit');
      return edit?.whyNot === null ? edit.run() : stay(next);
    },
    view: (model, area) => view(plan, place, model, area),
  };
  return screen;
}

/** Each kind is there once: its name tells one from the others. */
function listedIn({ operations }: TaskPlan): ListSource<WantedOperation> {
  return { list: LIST, rows: operations, keyOf: ({ type }) => type };
}

/** For dialogs, which are gone when this is done: the editor is on top again. */
function changed(plan: TaskPlan, change: Partial<TaskPlan>, place: Selection): Action {
  return { type: 'replace', screen: taskEditorScreen({ ...plan, ...change }, place) };
}

function commandsFor(plan: TaskPlan, place: Selection, model: Model, screen: Screen): Command[] {
  const { newTask: texts, common } = textsOf(model.language);
  const { operations } = plan;
  const { index } = resolveSelection(place, listedIn(plan), 1);
  const operation = entryAt(place, listedIn(plan));
  const isPast = waitMsIn(plan, model) === null;
  const [fault = isPast ? textsOf(model.language).deploy.untilFault : null] = faultsOf(plan, model);
  const moveTo = (to: number): Reaction => {
    if (operation === null) return stay(screen);
    const moved = operations.toSpliced(index, 1).toSpliced(to, 0, operation);
    const at = { ...place, index: to, key: operation.type };
    return stay(taskEditorScreen({ ...plan, operations: moved }, at));
  };
  const none = operation === null ? texts.nothing : null;
  return [
    {
      name: 'add',
      keys: ['a', 'n', 'insert'],
      label: texts.add,
      help: texts.addHelp,
      whyNot: null,
      run: () => stay(screen, { type: 'push', screen: addDialog(plan, place, model) }),
    },
    {
      name: 'edit',
      keys: ['enter', 'e'],
      label: texts.edit,
      help: texts.editHelp,
      whyNot: none,
      run: () =>
        operation === null
          ? stay(screen)
          : stay(screen, {
              type: 'push',
              screen: operationDialog(operation.type, operation, model, (next) => [
                changed(plan, { operations: operations.with(index, next) }, place),
              ]),
            }),
    },
    {
      name: 'remove',
      keys: ['x', 'delete'],
      label: texts.remove,
      help: texts.removeHelp,
      whyNot: none,
      run: () => {
        const rest = operations.toSpliced(index, 1);
        return stay(taskEditorScreen({ ...plan, operations: rest }, { ...place, key: null }));
      },
    },
    {
      name: 'up',
      keys: ['-', 'K'],
      label: texts.up,
      help: texts.upHelp,
      whyNot: none ?? (index === 0 ? texts.isFirst : null),
      run: () => moveTo(index - 1),
    },
    {
      name: 'down',
      keys: ['+', 'J'],
      label: texts.down,
      help: texts.downHelp,
      whyNot: none ?? (index >= operations.length - 1 ? texts.isLast : null),
      run: () => moveTo(index + 1),
    },
    {
      name: 'disk',
      keys: ['d'],
      label: texts.diskLabel,
      help: texts.diskHelp,
      whyNot: null,
      run: () => stay(screen, { type: 'push', screen: diskDialog(plan, place, model) }),
    },
    {
      name: 'wake',
      keys: ['w'],
      label: texts.wake,
      help: texts.wakeHelp,
      whyNot: null,
      run: () => stay(taskEditorScreen({ ...plan, wake: !plan.wake }, place)),
    },
    {
      name: 'until',
      keys: ['u'],
      label: texts.untilLabel,
      help: texts.untilHelp,
      whyNot: null,
      run: () => stay(screen, { type: 'push', screen: untilDialog(plan, place, model) }),
    },
    {
      name: 'start',
      keys: ['s'],
      label: texts.start,
      help: texts.startHelp,
      whyNot: fault,
      run: () => stay(screen, ...startActions(plan, model)),
    },
    ...(operations.length === 0
      ? []
      : [
          {
            name: 'leave',
            keys: ['escape'],
            label: common.back,
            help: common.backHelp,
            whyNot: null,
            run: () =>
              stay(screen, {
                type: 'push',
                screen: confirmDialog(texts.discardTitle, [texts.discardText], texts.discard, [
                  { type: 'close', name: NAME },
                ]),
              }),
          },
        ]),
  ];
}

function addDialog(plan: TaskPlan, place: Selection, model: Model): Screen {
  const texts = textsOf(model.language).newTask;
  return choiceDialog({
    name: 'task-add',
    title: texts.addTitle,
    options: KINDS.map((kind) => ({
      value: kind,
      label: texts.kindLabels[kind],
      whyNot: whyNotAdd(kind, plan, model),
    })),
    choose: (value, now) => {
      const kind = KINDS.find((each) => each === value);
      if (kind === undefined) return [];
      const dialog = operationDialog(kind, null, now, (operation) => [
        changed(
          plan,
          { operations: withOperation(plan.operations, operation) },
          { ...place, key: kind },
        ),
      ]);
      return [{ type: 'push', screen: dialog }];
    },
  });
}

function diskDialog(plan: TaskPlan, place: Selection, model: Model): Screen {
  const texts = textsOf(model.language).newTask;
  const choices = disksOf(plan, model);
  return choiceDialog({
    name: 'task-disk',
    title: texts.diskTitle,
    options: choices.map((choice) => ({
      value: diskName(choice, model),
      label: diskName(choice, model),
      whyNot: choice.fault === null ? null : diskFaultText(choice.fault, 0, model),
    })),
    choose: (value) => {
      const choice = choices.find((each) => diskName(each, model) === value);
      return choice === undefined ? [] : [changed(plan, { disk: choice.selector }, place)];
    },
  });
}

function untilDialog(plan: TaskPlan, place: Selection, model: Model): Screen {
  const texts = textsOf(model.language);
  return textDialog({
    name: 'task-until',
    title: texts.newTask.untilTitle,
    label: texts.newTask.ok,
    prompt: texts.deploy.until,
    text: plan.until ?? defaultUntil(model),
    check: (text) => checkUntil(text, model),
    submit: (until) => [changed(plan, { until }, place)],
  });
}

/** A moment that was typed may have passed since: then the start is refused. */
function waitMsIn(plan: TaskPlan, model: Model): number | null {
  return parseWaitEnd(plan.until ?? defaultUntil(model), model.now);
}

function startActions(plan: TaskPlan, model: Model): readonly Action[] {
  const texts = textsOf(model.language).newTask;
  const { hostIds, disk, operations, wake } = plan;
  const waitMs = waitMsIn(plan, model);
  if (waitMs === null) return [];
  const params = { targets: [...hostIds], disk, operations: [...operations], wake, waitMs };
  const send = request(texts.starting, 'task.create', params, (task) => [
    { type: 'close', name: NAME },
    { type: 'close', name: 'task-hosts' },
    ...openTask(task, model),
    { type: 'notice', text: texts.started(taskTitle(task, model)), isBad: false },
  ]);
  if (!overwrites(plan)) return [send];
  const dialog = confirmDialog(
    texts.lossTitle,
    [
      texts.loss(hostIds.length, diskName({ selector: disk }, model)),
      '',
      texts.lossHosts(hostNames(plan, model, 200)),
    ],
    texts.overwrite,
    [send],
  );
  return [{ type: 'push', screen: dialog }];
}

function hostNames(plan: TaskPlan, model: Model, width: number): string {
  const names = targetsOf(plan, model).map(({ name }) => name);
  return cut(names.join(', '), width, glyphsOf(model).cut);
}

function partsOf(
  { operations }: TaskPlan,
  area: Area,
): {
  readonly head: Area;
  readonly table: Area;
  readonly verdict: Area;
} {
  const [head, rest] = splitRows(area, HEAD_ROWS);
  const [table, verdict] = splitRows(rest, Math.max(operations.length, 2) + 2);
  return { head, table, verdict };
}

function view(plan: TaskPlan, place: Selection, model: Model, area: Area): Picture {
  const texts = textsOf(model.language).newTask;
  const { head, table, verdict } = partsOf(plan, area);
  const listed = listedIn(plan);
  return stack(
    textPicture(head, headLines(plan, model, head.width)),
    tableView(
      {
        list: LIST,
        columns: columns(plan, model),
        rows: listed.rows,
        cursor: resolveSelection(place, listed, tableRows(table)),
        isMarked: null,
        empty: [texts.empty, texts.emptyHint],
      },
      model,
      table,
    ),
    textPicture(verdict, verdictLines(plan, model, verdict.width)),
  );
}

function headLines(plan: TaskPlan, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).newTask;
  const off = targetsOf(plan, model).filter((host) => !isRunning(host)).length;
  const choice = chosenDisk(plan, model);
  const smallest = choice?.smallestBytes ?? null;
  const facts: readonly (readonly [string, string])[] = [
    [texts.hosts, texts.hostsText(plan.hostIds.length, hostNames(plan, model, width - 20))],
    [
      texts.disk,
      `${diskName({ selector: plan.disk }, model)}${smallest === null ? '' : `, ${bytesText(smallest, model)}`}`,
    ],
    [texts.wakeLabel, plan.wake ? texts.wakeOn(off) : texts.wakeOff(off)],
    [textsOf(model.language).deploy.summaryWaits, waitsText(plan, model)],
  ];
  const nameWidth = Math.max(...facts.map(([name]) => widthOf(name)));
  return facts.map(([name, text]) => line(span(` ${padEnd(name, nameWidth)}  `, 'dim'), text));
}

function waitsText(plan: TaskPlan, model: Model): string {
  const texts = textsOf(model.language).deploy;
  const waitMs = waitMsIn(plan, model);
  return waitMs === null ? texts.untilFault : texts.waitsFact(momentAfter(waitMs, model));
}

function verdictLines(plan: TaskPlan, model: Model, width: number): Line[] {
  const texts = textsOf(model.language).newTask;
  const faults = plan.operations.length === 0 ? [] : faultsOf(plan, model);
  if (plan.operations.length === 0) return [];
  if (faults.length === 0) return [line(span(` ${texts.ready}`, 'good'))];
  return [
    line(span(` ${texts.notReady}`, 'warn')),
    ...faults.flatMap((fault) =>
      wrap(reasonIn(model.language, fault), Math.max(20, width - 6)).map((part, index) =>
        line(span(index === 0 ? ` ${glyphsOf(model).failed} ` : '   ', 'bad'), part),
      ),
    ),
  ];
}

function columns({ operations }: TaskPlan, model: Model): Column<WantedOperation>[] {
  const texts = textsOf(model.language).newTask;
  return [
    {
      title: texts.number,
      width: 3,
      align: 'right',
      cell: (operation) => String(operations.indexOf(operation) + 1),
    },
    {
      title: texts.operation,
      width: 16,
      cell: ({ type }) => span(texts.kinds[type], 'strong'),
    },
    { title: texts.details, width: 'rest', cell: (operation) => operationText(operation, model) },
  ];
}

function textPicture(area: Area, lines: readonly Line[]): Picture {
  return {
    panels: [{ type: 'text', area, title: null, isActive: false, lines }],
    targets: [],
    caret: null,
  };
}
