/** Texts as a source file writes them: every variant, with samples in place of what is known only when it runs. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** By the text of an expression, what it can be. */
export type Samples = Readonly<Record<string, readonly string[]>>;

/** Calls `visit` with every node of a source file. */
export function visitSource(path: string, visit: (node: ts.Node) => void): void {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const each = (node: ts.Node): void => {
    visit(node);
    node.forEachChild(each);
  };
  each(file);
}

/** What the property `name` of an object literal is set to; null when it is not there or stands alone ("{ name }"). */
export function propertyOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | null {
  const found = node.properties.find(
    (each) => ts.isPropertyAssignment(each) && each.name.getText() === name,
  );
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : null;
}

/** All texts that `expression` can be. Fails when it is written in a way that has no sample. */
export function textsOf(expression: ts.Expression, samples: Samples): readonly string[] {
  const known = samples[expression.getText()];
  if (known !== undefined) return known;
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression)) {
    const { whenTrue, whenFalse } = expression;
    return [...textsOf(whenTrue, samples), ...textsOf(whenFalse, samples)];
  }
  if (ts.isTemplateExpression(expression)) {
    return expression.templateSpans.reduce<readonly string[]>(
      (texts, { expression: part, literal }) =>
        texts.flatMap((text) => textsOf(part, samples).map((each) => text + each + literal.text)),
      [expression.head.text],
    );
  }
  if (ts.isIdentifier(expression)) {
    const value = constantNamed(expression);
    if (value !== null) return textsOf(value, samples);
  }
  return assert.fail(
    `${expression.getSourceFile().fileName}: give a sample of ${expression.getText()}`,
  );
}

/** The value of the constant of that name in the same file. */
function constantNamed(identifier: ts.Identifier): ts.Expression | null {
  let found: ts.Expression | null = null;
  const look = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === identifier.text) {
      found ??= node.initializer ?? null;
    }
    node.forEachChild(look);
  };
  look(identifier.getSourceFile());
  return found;
}
