import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { EvaluationError, evaluateField } from './evaluate.ts';

const sources = { now: () => Date.parse('2026-01-05T09:00:00Z'), random: () => 0.5 };
const run = (template: Json, variables: Record<string, Json> = {}, input: Json = null): Promise<Json> =>
  evaluateField(template, 'Output', { states: { input }, variables }, sources);

describe('templates', () => {
  test('without expressions stay exactly as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json;
        fc.pre(!JSON.stringify(json).includes('{%'));
        expect(await run(json)).toEqual(json);
      }),
    );
  });

  test('give back any variable and any input unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json;
        expect(await run('{% $v %}', { v: json })).toEqual(json);
        expect(await run({ in: ['{% $states.input %}'] }, {}, json)).toEqual({ in: [json] });
      }),
    );
  });

  test('give plain JSON, without the marks of jsonata', async () => {
    expect(Object.keys((await run('{% [1, 2, 3][$ > 1] %}')) as Json[])).toEqual(['0', '1']);
  });

  test('cannot change what they read', async () => {
    const v = { list: [1, 2] };
    await run('{% $v ~> |$|{"list": 0}| %}', { v });
    expect(v).toEqual({ list: [1, 2] });
  });
});

describe('what has no value is an error that names the expression and its place', () => {
  test.each([
    ['{% $states.input.a.b %}', 'nothing'],
    ['{% $unknown %}', 'nothing'],
    ['{% $ %}', 'nothing'],
    ['{% $sum %}', 'a function'],
    ['{% function($x) { $x } %}', 'a function'],
    ['{% {"f": $sum} %}', 'a function'],
    ['{% 1 + "a" %}', 'failed'],
    ['{% $error("mine") %}', 'mine'],
    ['{% $eval("1") %}', 'failed'],
    ['{% ($f := function($n) { $f($n + 1) + 1 }; $f(0)) %}', 'failed'],
  ])('%s', async (expression, reason) => {
    const failed = await run({ at: [expression] }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(EvaluationError);
    expect(failed).toMatchObject({
      error: 'States.QueryEvaluationError',
      location: 'Output/at/0',
      message: expect.stringContaining(reason),
    });
  });
});

test('an expression without end is given up', async () => {
  const endless = run('{% ($f := function($n) { $f($n + 1) }; $f(0)) %}');
  await expect(endless).rejects.toMatchObject({ error: 'States.QueryEvaluationError' });
});

test('a value of more than 256 KiB is an error', async () => {
  const size = (bytes: number): Promise<Json> => run(`{% $pad("", ${bytes - 2}, "x") %}`);
  await expect(size(262_144)).resolves.toHaveLength(262_142);
  await expect(size(262_145)).rejects.toMatchObject({ error: 'States.DataLimitExceeded' });
});

describe('functions', () => {
  test.each<readonly [string, Json]>([
    ['$partition([1..5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$hash("abc", "SHA-1")', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['$hash("abc", "MD5")', '900150983cd24fb0d6963f7d28e17f72'],
    ['$parse("{\\"a\\": [1]}")', { a: [1] }],
    ['$random()', 0.5],
    ['$random(7) = $random(7)', true],
    ['$uuid()', '80808080-8080-4080-8080-808080808080'],
    ['$millis()', Date.parse('2026-01-05T09:00:00Z')],
    ['$now()', '2026-01-05T09:00:00.000Z'],
    ['$now("[Y0001]-[M01]")', '2026-01'],
  ])('%s', async (expression, expected) => expect(await run(`{% ${expression} %}`)).toEqual(expected));

  test.each(['$range(0, 1000, 1)', '$range(0, 5, 0)', '$partition([1], 0)', '$hash("a", "CRC")', '$parse("{")'])(
    '%s is refused',
    (expression) => expect(run(`{% ${expression} %}`)).rejects.toBeInstanceOf(EvaluationError),
  );
});
