/** Whatever crosses a boundary has an end: every array, text, record and number in the schemas of all doors. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { CapturedDisk, Manifest } from '../../../lib/model/image.ts';
import { ENGINE_METHODS, ENGINE_NOTIFICATIONS } from '../../../lib/protocol/engine-api.ts';
import { OPERATOR_NOTIFICATIONS } from '../../../lib/protocol/operator-api/status.ts';
import { OPERATOR_METHODS } from '../../../lib/protocol/operator-api/table.ts';
import { Frame } from '../../../lib/protocol/session-stream.ts';

/** What zod keeps of a check, of the kinds that limit something. */
const CheckDef = z.object({
  check: z.string(),
  maximum: z.number().optional(),
  length: z.number().optional(),
  value: z.unknown().optional(),
  format: z.string().optional(),
  pattern: z.instanceof(RegExp).optional(),
});
const Check = z.object({ _zod: z.object({ def: CheckDef }) });

function checksOf(schema: z.core.$ZodType): z.infer<typeof CheckDef>[] {
  return (schema._zod.def.checks ?? []).map((check) => Check.parse(check)._zod.def);
}

/** What of `schema` has no end, with the way to it. A schema that is reached twice is looked at once. */
function endless(schema: unknown, path: string, seen: Set<unknown>): string[] {
  assert.ok(schema instanceof z.core.$ZodType, `${path}: no schema`);
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema._zod;
  const checks = checksOf(schema);
  const has = (...names: string[]): boolean => checks.some(({ check }) => names.includes(check));
  const within = (inner: unknown, step: string): string[] => endless(inner, `${path}${step}`, seen);
  const inside = z.record(z.string(), z.unknown()).parse({ ...def });
  switch (def.type) {
    case 'string':
      return has('max_length', 'length_equals') || checks.some(isShortPattern)
        ? []
        : [`${path}: a text of any length`];
    case 'number': {
      const isWhole = checks.some(({ format }) => format === 'safeint');
      return isWhole || (has('less_than') && has('greater_than'))
        ? []
        : [`${path}: a number of any size`];
    }
    case 'array': {
      const found = within(inside.element, '[]');
      return has('max_length', 'length_equals')
        ? found
        : [`${path}: a list of any length`, ...found];
    }
    case 'record': {
      const found = [...within(inside.keyType, '{key}'), ...within(inside.valueType, '{}')];
      const meta = z.globalRegistry.get(schema) ?? {};
      return 'maxEntries' in meta ? found : [`${path}: a record of any size`, ...found];
    }
    case 'object':
      return Object.entries(z.record(z.string(), z.unknown()).parse(inside.shape)).flatMap(
        ([key, value]) => within(value, `.${key}`),
      );
    case 'union':
      return z
        .array(z.unknown())
        .parse(inside.options)
        .flatMap((option) => within(option, '|'));
    case 'nullable':
    case 'optional':
    case 'default':
    case 'nonoptional':
    case 'readonly':
      return within(inside.innerType, '');
    case 'pipe':
      // What comes in is what has to have an end.
      return within(inside.in, '');
    case 'literal':
    case 'enum':
    case 'boolean':
    case 'null':
    case 'custom':
      return [];
    default:
      return [`${path}: ${def.type}, of which this test knows nothing`];
  }
}

/** Whether a text that matches the whole of the expression can have only so many characters. */
function isShortPattern({ pattern }: z.infer<typeof CheckDef>): boolean {
  if (pattern === undefined) return false;
  const outside = pattern.source.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  return /^\^.*\$$/.test(pattern.source) && !/[*+]|\{\d+,\}/.test(outside);
}

function endlessOf(tables: Readonly<Record<string, unknown>>): string[] {
  const seen = new Set();
  return Object.entries(tables).flatMap(([name, schema]) => endless(schema, name, seen));
}

function methodsOf(
  methods: Readonly<Record<string, { params: unknown; result: unknown }>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(methods).flatMap(([name, { params, result }]) => [
      [`${name} params`, params],
      [`${name} result`, result],
    ]),
  );
}

describe('what crosses a boundary has an end:', () => {
  test('what crosses a boundary has an end: calls of engines', () => {
    assert.deepEqual(endlessOf(methodsOf(ENGINE_METHODS)), []);
  });

  test('what crosses a boundary has an end: calls of operators', () => {
    assert.deepEqual(endlessOf(methodsOf(OPERATOR_METHODS)), []);
  });

  test('what crosses a boundary has an end: notifications', () => {
    assert.deepEqual(endlessOf({ ...ENGINE_NOTIFICATIONS, ...OPERATOR_NOTIFICATIONS }), []);
  });

  test('what crosses a boundary has an end: what goes over the data channel', () => {
    assert.deepEqual(endlessOf({ CapturedDisk, Manifest, Frame }), []);
  });

  test('what crosses a boundary has an end: this test finds what has none', () => {
    const bad = z.object({
      list: z.array(z.string().max(3)),
      text: z.string().regex(/^a+$/).nullable(),
      record: z.record(z.string().max(2), z.boolean()),
      number: z.number().min(0),
      both: z.union([z.array(z.number().int()).max(3), z.literal(3)]).optional(),
      good: z.string().regex(/^[a+]{3}$/),
      piped: z.string().transform((text) => text.slice(0, 3)),
    });
    assert.deepEqual(endlessOf({ bad }), [
      'bad.list: a list of any length',
      'bad.text: a text of any length',
      'bad.record: a record of any size',
      'bad.number: a number of any size',
      'bad.piped: a text of any length',
    ]);
  });
});
