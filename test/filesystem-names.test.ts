/** Nothing but the file systems themselves compares the name of one: all others ask lib/filesystems or engine/filesystems. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import ts from 'typescript';
import { FILESYSTEM_KINDS } from '../lib/filesystems/kinds.ts';
import { isProduct, readSources } from './support/sources.ts';

/** Where file systems are told apart. */
const KEEPERS = ['engine/filesystems/', 'lib/filesystems/'];

/** "unnamed" and the like are kinds, but no names: two of the words are those of other things, too. */
const NAMES = new Set(
  FILESYSTEM_KINDS.flatMap(({ kind, types }) => [kind, ...types]).filter(
    (name) => name !== 'member' && name !== 'unread',
  ),
);

/** What an image keeps of a partition is a kind of content, of which one has the same name: lib/model/image.ts. */
const CONTENT = /\b(content|contents)\.type$/;

/** The places in which a name is compared: "line: name". */
function comparedNames(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const note = (node: ts.Node | undefined, other: string): void => {
    if (node === undefined || !ts.isStringLiteralLike(node) || !NAMES.has(node.text)) return;
    if (CONTENT.test(other)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    found.push(`${line}: ${node.text}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isComparison(node.operatorToken.kind)) {
      note(node.left, node.right.getText(source));
      note(node.right, node.left.getText(source));
    } else if (ts.isCaseClause(node)) {
      note(node.expression, node.parent.parent.expression.getText(source));
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      if (['includes', 'has', 'startsWith', 'indexOf'].includes(node.expression.name.text)) {
        for (const listed of [node.expression.expression, ...node.arguments]) {
          for (const literal of literalsIn(listed)) note(literal, '');
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isComparison(kind: ts.SyntaxKind): boolean {
  return [
    ts.SyntaxKind.EqualsEqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsEqualsToken,
    ts.SyntaxKind.EqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsToken,
  ].includes(kind);
}

/** A literal, or those of a list of them. */
function literalsIn(node: ts.Node): readonly ts.Node[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  if (ts.isNewExpression(node)) return (node.arguments ?? []).flatMap(literalsIn);
  return [node];
}

test('no source outside engine/filesystems and lib/filesystems compares the name of a file system', () => {
  const files = readSources(isProduct);
  assert.ok(files.length > 500);
  const faults = files
    .filter(({ path }) => !KEEPERS.some((folder) => path.startsWith(folder)))
    .flatMap(({ path, text }) =>
      comparedNames(path, text).map(
        (place) => `${path}:${place}: ask filesystemTraits() or filesystemOf() instead`,
      ),
    );
  assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
});

describe('the finder of compared names of file systems', () => {
  const BAD: readonly string[] = [
    "if (filesystem?.type === 'ntfs') a();",
    "if ('vfat' !== type) a();",
    "switch (type) { case 'btrfs': a(); }",
    "if (['ext2', 'x'].includes(type)) a();",
    "if (new Set(['a', 'xfs']).has(type)) a();",
    "if (types.includes('exfat')) a();",
    "if (type.startsWith('hfsplus')) a();",
    "if (partition.type === 'swap') a();",
  ];
  for (const text of BAD) {
    test(`the finder of compared names of file systems finds one in: ${text}`, () =>
      assert.equal(comparedNames('x.ts', text).length, 1));
  }
  const GOOD: readonly string[] = [
    "if (content.type === 'swap') a();",
    "switch (partition.content.type) { case 'swap': a(); }",
    "const args = ['mkfs', '-t', 'ext4'];",
    "if (table.type === 'gpt') a();",
    "mount({ type: 'vfat' });",
  ];
  for (const text of GOOD) {
    test(`the finder of compared names of file systems finds none in: ${text}`, () =>
      assert.deepEqual(comparedNames('x.ts', text), []));
  }
});
