import { type Problem, problemStatus } from '@tenantry/core/contract/problem';
import { contract } from '@tenantry/core/contract/routes';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ApiError } from '../api/error.ts';
import { sayAs } from './catalogue.ts';
import { refusalsIn } from './refusals-in.ts';
import { sayField, sayProblem } from './say.ts';
import { problemWordsEn } from './words-en.ts';
import { problemWordsKo } from './words-ko.ts';

/** Sources that refuse callers of the API. What checks a stage's own configuration speaks to whoever deploys it. */
const sources = Object.entries(
  import.meta.glob<string>(['../../../core/src/**/*.ts', '../../../functions/src/**/*.ts', '!**/*.test.ts'], {
    eager: true,
    query: '?raw',
    import: 'default',
  }),
).filter(([file]) => !/core\/src\/(silo|tier\/(tier|price))|functions\/src\/(tasks|consumers)/.test(file));
const found = sources.map(([, source]) => refusalsIn(source));

/** Sentences of which nothing but the place of a value is told here: they name a field, or repeat what a trigger said. */
const isFrame = (sentence: string): boolean => /^(\{0\}|from|until|url|winner)(: \{\d\})?\.$/.test(sentence);
const sentences = [...new Set(found.flatMap((of) => of.sentences))].filter((sentence) => !isFrame(sentence));
const fields = [...new Set(found.flatMap((of) => of.fields))].filter((text) =>
  /^(must|is|has|takes|does|give) /.test(text),
);

const inKorean = (templates: Readonly<Record<string, string>>, text: string): string | undefined =>
  sayAs(templates, problemWordsKo.values, text.replace(/\{(\d)\}/g, '7$1'));

const refusedWith = (problem: ApiError['problem'], status = 409): ApiError => new ApiError(status, problem);

describe('on a Korean page', () => {
  it('every code of the contract means something', () => {
    expect(Object.keys(problemWordsKo.codes).sort()).toEqual(Object.keys(problemStatus).sort());
    for (const text of Object.values(problemWordsKo.codes)) expect(text).toMatch(/[가-힣].*\.$/);
  });

  it('every sentence with which the API refuses is Korean', () => {
    expect(sentences.length).toBeGreaterThan(100);
    const missing = sentences.filter((text) => !/[가-힣]/.test(inKorean(problemWordsKo.sentences, text) ?? ''));
    expect(missing).toEqual([]);
  });

  it('everything that is said of a field is Korean', () => {
    expect(fields.length).toBeGreaterThan(70);
    const missing = fields.filter((text) => !/[가-힣]/.test(inKorean(problemWordsKo.fields, text) ?? ''));
    expect(missing).toEqual([]);
  });

  it('no sentence loses a value, and none has one too many', () => {
    const mayDrop = /^The (access token|export) /;
    for (const [english, korean] of Object.entries(problemWordsKo.sentences)) {
      const places = (text: string) => [...new Set(text.match(/\{\d\}/g))].sort();
      if (!mayDrop.test(english)) expect(places(korean), english).toEqual(places(english));
    }
  });

  it('values within a sentence are said in Korean too, where they are words', () => {
    const detail = 'The role viewer may not do this; it takes owner or admin.';
    expect(sayProblem(problemWordsKo, refusedWith({ code: 'forbidden', detail }, 403))).toBe(
      '열람자 역할로는 할 수 없습니다. 필요한 역할: 소유자 또는 관리자',
    );
    const taken = 'The address "a{0}.$&" is taken; choose another.';
    expect(sayProblem(problemWordsKo, refusedWith({ code: 'slug_taken', detail: taken }))).toContain('‘a{0}.$&’');
  });
});

/** Input that is wrong in the ways in which a schema of the contract can be. */
const wrongInputs = [
  '',
  'x'.repeat(100_000),
  -1e9,
  1e9,
  1.5,
  true,
  null,
  [],
  {},
  [{}],
  Array.from({ length: 20_000 }, () => 'a'),
];

/** What the contract's schemas say of values that they refuse. */
function saidBy(schema: z.ZodType): readonly string[] {
  return [undefined, ...wrongInputs].flatMap(
    (input) => schema.safeParse(input).error?.issues.map(({ message }) => message) ?? [],
  );
}

it('what the contract’s own schemas say of bad input is Korean, and no English page shows the words of the checker', () => {
  const said = new Set<string>();
  for (const route of Object.values(contract)) {
    for (const part of ['body', 'query', 'params'] as const) {
      const schema: unknown = (route as Readonly<Record<string, unknown>>)[part];
      if (!(schema instanceof z.ZodObject)) continue;
      for (const text of saidBy(schema)) said.add(text);
      for (const field of Object.values(schema.shape)) for (const text of saidBy(field as z.ZodType)) said.add(text);
    }
  }
  expect(said.size).toBeGreaterThan(40);
  expect([...said].filter((text) => !/[가-힣]/.test(sayField(problemWordsKo, text)))).toEqual([]);
  expect([...said].filter((text) => /^(Invalid|Too |Unrec)/.test(sayField(problemWordsEn, text)))).toEqual([]);
});

describe('a problem', () => {
  const errors = [{ field: 'name', message: 'Too small: expected string to have >=1 characters' }];
  const ofField = refusedWith({ code: 'invalid_request', detail: `name: ${errors[0]?.message}.`, errors }, 400);

  it('of a field names it, in either language', () => {
    expect(sayProblem(problemWordsKo, ofField)).toBe('name: 비워 둘 수 없습니다');
    expect(sayField(problemWordsEn, errors[0]?.message ?? '')).toBe('must not be empty');
  });

  it('whose sentence is unknown is told by its code; one whose code is unknown too, in the API’s English', () => {
    const detail = 'A sentence of tomorrow.';
    expect(sayProblem(problemWordsKo, refusedWith({ code: 'conflict', detail }))).toBe(problemWordsKo.codes.conflict);
    const code = 'constructor' as Problem['code'];
    expect(sayProblem(problemWordsKo, refusedWith({ code, detail }))).toBe(detail);
    expect(sayProblem(problemWordsEn, refusedWith({ code: 'conflict', detail }))).toBe(detail);
  });
});
