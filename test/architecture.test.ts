/** The house rules of docs/style.md that can be read from the sources: who may import what, and what must not be there. */

import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';
import {
  PROGRAMS,
  readSources,
  SOURCE_FOLDERS,
  topFolderOf,
  type SourceFile,
} from './support/sources.ts';

/** Entries beside each program's main.ts: scripts of package.json. */
const OTHER_ENTRIES = ['installer/build-engine.ts', 'installer/build-operator.ts'];

type Violation = { readonly path: string; readonly line: number; readonly reason: string };

/** What a rule looks at: one line of a file that imports, exports or reads something. */
type Fact =
  | { readonly type: 'import'; readonly line: number; readonly specifier: string }
  | { readonly type: 'export-all' | 'export-default'; readonly line: number }
  | { readonly type: 'process-input'; readonly line: number; readonly name: string }
  /** A function that asks for the time, or returns a reason: it decides something. */
  | { readonly type: 'decision'; readonly line: number; readonly name: string };

type Rule = (path: string, fact: Fact) => string | null;

/** Packages that only one folder may know. */
const KEEPERS: readonly { packages: readonly string[]; folder: string; reason: string }[] = [
  {
    packages: ['child_process', 'execa'],
    folder: 'lib/exec/',
    reason: 'only lib/exec starts processes',
  },
  { packages: ['lowdb'], folder: 'server/store/', reason: 'only server/store writes the store' },
  {
    packages: ['blessed', 'blessed-contrib'],
    folder: 'tui/widgets/',
    reason: 'only tui/widgets knows blessed',
  },
];

const RULES: readonly Rule[] = [
  function extension(_, fact) {
    if (fact.type !== 'import' || !isRelative(fact.specifier)) return null;
    return fact.specifier.endsWith('.ts')
      ? null
      : `"${fact.specifier}" is imported without .ts: Node looks for exactly that file`;
  },
  function layers(path, fact) {
    if (fact.type !== 'import') return null;
    const target = targetOf(path, fact.specifier);
    const from = topFolderOf(path);
    if (target === null || from === 'test') return null;
    const to = topFolderOf(target);
    if (path.startsWith('lib/model/') && !target.startsWith('lib/model/')) {
      return `lib/model imports ${target}: the vocabulary depends on nothing of ours`;
    }
    if (to === from || to === 'lib') return null;
    return from === 'lib'
      ? `lib imports ${target}: what all programs share knows none of them`
      : `${from} imports ${target}: programs import lib and themselves, never each other`;
  },
  function keepers(path, fact) {
    if (fact.type !== 'import' || topFolderOf(path) === 'test') return null;
    const name = fact.specifier.replace(/^node:/, '');
    const keeper = KEEPERS.find(({ packages }) =>
      packages.some((each) => name === each || name.startsWith(`${each}/`)),
    );
    if (keeper === undefined || path.startsWith(keeper.folder)) return null;
    return `"${fact.specifier}" is imported outside ${keeper.folder}: ${keeper.reason}`;
  },
  function processInput(path, fact) {
    if (topFolderOf(path) === 'test' || isEntry(path)) return null;
    if (fact.type === 'import' && /^(node:)?process$/.test(fact.specifier)) {
      return `"${fact.specifier}" is imported: use the global, where it can be seen what is read`;
    }
    if (fact.type !== 'process-input') return null;
    // What starts a program hands the environment on to it.
    if (fact.name === 'env' && path.startsWith('lib/exec/')) return null;
    return `process.${fact.name} is read: only main.ts reads arguments and environment`;
  },
  function model(path, fact) {
    if (fact.type !== 'decision' || !path.startsWith('lib/model/')) return null;
    return `${fact.name} decides something: lib/model is the vocabulary, rules are in lib/rules`;
  },
  function exports(_, fact) {
    if (fact.type === 'export-all') return 'export *: no barrel files';
    return fact.type === 'export-default' ? 'export default: exports have names' : null;
  },
];

/** Words that say nothing of what a file is for. */
const EMPTY_WORDS = ['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'misc'];

function findViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(({ path, text }) => {
    const name = nameFault(path);
    const named = name === null ? [] : [{ path, line: 1, reason: name }];
    const found = factsOf(path, text).flatMap((fact) =>
      RULES.map((rule) => rule(path, fact))
        .filter((reason) => reason !== null)
        .map((reason) => ({ path, line: fact.line, reason })),
    );
    return [...named, ...found];
  });
}

function nameFault(path: string): string | null {
  const parts = path.split('/');
  if (!SOURCE_FOLDERS.some((folder) => folder === topFolderOf(path))) {
    return `${topFolderOf(path)} is no folder of the house: a top-level folder is a program, lib or test`;
  }
  const empty = parts
    .flatMap((part) => part.split(/[-.]/))
    .find((word) => EMPTY_WORDS.includes(word));
  if (empty !== undefined) return `"${empty}" in the name: say what it is for`;
  return parts.every((part) => /^[a-z0-9]+([-.][a-z0-9]+)*$/.test(part))
    ? null
    : 'names of files and folders are kebab-case';
}

function isRelative(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..';
}

function isEntry(path: string): boolean {
  return PROGRAMS.some((program) => path === `${program}/main.ts`) || OTHER_ENTRIES.includes(path);
}

/** The file of ours that an import means, null for a package. */
function targetOf(path: string, specifier: string): string | null {
  return isRelative(specifier) ? posix.join(posix.dirname(path), specifier) : null;
}

function factsOf(path: string, text: string): Fact[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const facts: Fact[] = [];
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    facts.push(...factsOfNode(node, line));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return facts;
}

function factsOfNode(node: ts.Node, line: number): Fact[] {
  const specifier = specifierOf(node);
  const facts: Fact[] = specifier === null ? [] : [{ type: 'import', line, specifier }];
  if (ts.isExportDeclaration(node)) {
    const all = node.exportClause === undefined || ts.isNamespaceExport(node.exportClause);
    if (all) facts.push({ type: 'export-all', line });
  }
  const isDefault =
    ts.isExportAssignment(node) ||
    (ts.isExportSpecifier(node) && node.name.text === 'default') ||
    (ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword));
  if (isDefault === true) facts.push({ type: 'export-default', line });
  const decision = decisionOf(node);
  if (decision !== null) facts.push({ type: 'decision', line, name: decision });
  for (const name of processInputsOf(node)) facts.push({ type: 'process-input', line, name });
  return facts;
}

/** What an import, export-from, import(), require() or import type names. */
function specifierOf(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literalOf(node.moduleSpecifier);
  }
  if (ts.isExternalModuleReference(node)) return literalOf(node.expression);
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? literalOf(node.argument.literal) : null;
  }
  if (!ts.isCallExpression(node)) return null;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require');
  return loads ? literalOf(node.arguments[0]) : null;
}

function literalOf(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;
}

/** The name of an exported function that takes `now`, or is called after what may be and why not; null for others. */
function decisionOf(node: ts.Node): string | null {
  if (!ts.isFunctionDeclaration(node) || node.name === undefined) return null;
  const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (isExported !== true) return null;
  const { text: name } = node.name;
  const asksTime = node.parameters.some(
    (parameter) => ts.isIdentifier(parameter.name) && parameter.name.text === 'now',
  );
  return asksTime || /^(may|can|refuse|refusal|check|should|must)[A-Z]/.test(name) ? name : null;
}

/** "argv" and "env" when the node takes them from `process`. */
function processInputsOf(node: ts.Node): string[] {
  const names: string[] = [];
  if (ts.isPropertyAccessExpression(node) && isProcess(node.expression)) {
    names.push(node.name.text);
  } else if (ts.isElementAccessExpression(node) && isProcess(node.expression)) {
    names.push(literalOf(node.argumentExpression) ?? 'env');
  } else if (
    ts.isVariableDeclaration(node) &&
    node.initializer !== undefined &&
    isProcess(node.initializer) &&
    ts.isObjectBindingPattern(node.name)
  ) {
    for (const { propertyName, name } of node.name.elements) {
      const taken = propertyName ?? name;
      if (ts.isIdentifier(taken)) names.push(taken.text);
    }
  }
  return names.filter((name) => name === 'argv' || name === 'env');
}

/** `process` or `globalThis.process`. */
function isProcess(node: ts.Node): boolean {
  if (ts.isIdentifier(node)) return node.text === 'process';
  return ts.isPropertyAccessExpression(node) && node.name.text === 'process';
}

function listed(violations: readonly Violation[]): string {
  return violations.map(({ path, line, reason }) => `${path}:${line}: ${reason}`).join('\n');
}

test('the sources keep to the layering of docs/style.md', () => {
  const sources = readSources();
  const folders = new Set(sources.map(({ path }) => topFolderOf(path)));
  for (const folder of ['cli', 'server', 'engine', 'lib', 'test']) {
    assert.ok(folders.has(folder), `no file of ${folder} was read`);
  }
  const violations = findViolations(sources);
  assert.equal(violations.length, 0, `\n${listed(violations)}`);
});

describe('the checker of the layering', () => {
  /** Made-up files that break a rule: path, text, the line and what the reason must say. */
  const BAD: readonly [path: string, text: string, line: number, reason: RegExp][] = [
    ['cli/show.ts', "import { x } from '../server/x.ts';", 1, /cli imports server\/x\.ts/],
    [
      'server/a/b.ts',
      "\n\nimport type { X } from '../../engine/x.ts';",
      3,
      /server imports engine/,
    ],
    ['engine/x.ts', "export { x } from '../cli/x.ts';", 1, /engine imports cli/],
    ['tui/x.ts', "const x = await import('../server/x.ts');", 1, /tui imports server/],
    ['installer/x.ts', "type X = import('../engine/x.ts').X;", 1, /installer imports engine/],
    ['netboot-rootfs/x.ts', "import '../test/lab/x.ts';", 1, /netboot-rootfs imports test/],
    ['server/x.ts', "const x = require('../cli/x.ts');", 1, /server imports cli/],
    ['lib/format.ts', "import { x } from '../server/x.ts';", 1, /lib imports server/],
    ['lib/exec/run.ts', "import { x } from '../../test/x.ts';", 1, /lib imports test/],
    ['lib/model/host.ts', "import { x } from '../errors.ts';", 1, /lib\/model imports lib\/errors/],
    ['lib/model/a.ts', "import { x } from '../modelling/x.ts';", 1, /lib\/model imports/],
    ['lib/model/run.ts', 'export function isOld(at: string, now: number) {}', 1, /isOld decides/],
    ['lib/model/run.ts', 'export function mayJoin(run: Run) {}', 1, /mayJoin decides/],
    ['lib/model/run.ts', 'export function refusalFor(action: string) {}', 1, /refusalFor decides/],
    ['cli/x.ts', "import { spawn } from 'node:child_process';", 1, /only lib\/exec/],
    ['lib/x.ts', "import { execa } from 'execa';", 1, /only lib\/exec/],
    ['engine/x.ts', "import cp from 'child_process';", 1, /only lib\/exec/],
    ['server/api/x.ts', "import { Low } from 'lowdb/node';", 1, /only server\/store/],
    ['tui/screens/x.ts', "import blessed from 'blessed';", 1, /only tui\/widgets/],
    ['cli/x.ts', "import contrib from 'blessed-contrib';", 1, /only tui\/widgets/],
    ['cli/x.ts', 'const a = process.argv[2];', 1, /process\.argv is read/],
    ['lib/x.ts', 'const a = process.env;', 1, /process\.env is read/],
    ['lib/exec/x.ts', 'const a = process.argv;', 1, /process\.argv is read/],
    ['server/x.ts', "\nconst a = process['env'].HOME;", 2, /process\.env is read/],
    ['server/x.ts', 'const { env: e } = process;', 1, /process\.env is read/],
    ['server/x.ts', 'const e = globalThis.process.env;', 1, /process\.env is read/],
    ['server/x.ts', "import { env } from 'node:process';", 1, /use the global/],
    ['server/sub/main.ts', 'const a = process.argv;', 1, /process\.argv is read/],
    ['cli/x.ts', 'export default function x() {}', 1, /export default/],
    ['cli/x.ts', 'const x = 1;\nexport default x;', 2, /export default/],
    ['cli/x.ts', 'const x = 1;\nexport { x as default };', 2, /export default/],
    ['lib/x.ts', "export * from './y.ts';", 1, /export \*/],
    ['test/x.ts', "export * as y from './y.ts';", 1, /export \*/],
    ['cli/x.ts', "import { y } from './y';", 1, /without \.ts/],
    ['cli/x.ts', "import { y } from './y.js';", 1, /without \.ts/],
    ['test/x.ts', "import { y } from '..';", 1, /without \.ts/],
    ['lib/utils.ts', '', 1, /"utils" in the name/],
    ['server/session-manager.ts', '', 1, /"manager" in the name/],
    ['engine/common/x.ts', '', 1, /"common" in the name/],
    ['server/helpers.test.ts', '', 1, /"helpers" in the name/],
    ['test/helpers/x.ts', '', 1, /"helpers" in the name/],
    ['server/runEvents.ts', '', 1, /kebab-case/],
    ['shared/x.ts', '', 1, /no folder of the house/],
  ];
  for (const [path, text, line, reason] of BAD) {
    test(`the checker of the layering finds in ${path}: ${text.trim() === '' ? 'its name' : text.trim()}`, () => {
      const violations = findViolations([{ path, text }]);
      assert.deepEqual(
        violations.map((each) => [each.path, each.line]),
        [[path, line]],
      );
      assert.match(listed(violations), reason);
      assert.ok(listed(violations).startsWith(`${path}:${line}: `));
    });
  }

  const GOOD: readonly [path: string, text: string][] = [
    ['cli/show.ts', "import { x } from './x.ts';\nimport { y } from '../lib/y.ts';"],
    ['server/api/x.ts', "import { Store } from '../store/store.ts';"],
    ['server/store/x.ts', "import { Low } from 'lowdb';"],
    ['tui/widgets/x.ts', "import blessed from 'blessed';"],
    ['lib/exec/x.ts', "import { spawn } from 'node:child_process';\nspawn('x', [], process.env);"],
    ['lib/model/x.ts', "import { z } from 'zod';\nimport { y } from './y.ts';"],
    ['lib/protocol/x.ts', "import { y } from '../model/y.ts';"],
    ['lib/model/run.ts', 'export function isEnded(state: RunState) {}\nfunction mayJoin() {}'],
    ['lib/rules/x.ts', 'export function mayJoin(run: Run, now: number) {}'],
    ['engine/main.ts', 'run(process.argv, process.env);'],
    ['server/x.ts', 'process.exit(process.pid);'],
    ['server/x.ts', "// export default, import x from '../cli/x.ts'\nconst text = 'process.env';"],
    ['test/server/x.test.ts', "import { x } from '../../server/x.ts';\nimport cp from 'execa';"],
    ['lib/exec/pipe.ts', "import { x } from 'blessedly';"],
  ];
  for (const [path, text] of GOOD) {
    test(`the checker of the layering finds nothing in ${path}: ${text}`, () => {
      assert.equal(listed(findViolations([{ path, text }])), '');
    });
  }
});
