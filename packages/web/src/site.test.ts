import type { Route } from '@tenantry/core/contract/route';
import { contract } from '@tenantry/core/contract/routes';
import { slugSchema } from '@tenantry/core/contract/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf } from './api/client.ts';
import { en } from './messages/en.ts';
import { ko } from './messages/ko.ts';
import { saidIn } from './messages/said-in.ts';
import { suggestSlug } from './pages/slug.ts';
import { challengeOf } from './session/pkce.ts';

/** The messages' names and the shape of each, as far as languages must agree. */
const shapeOf = (value: unknown): unknown => {
  if (typeof value === 'function') return `function of ${value.length}`;
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
  }
  return typeof value;
};

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String(value('1'))];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

/** AWS has no Korean names for its services, and protocols have none either. */
const properNames: ReadonlySet<string> = new Set([
  'Lambda',
  'API Gateway',
  'DynamoDB',
  'S3',
  'SQS',
  'Step Functions',
  'EventBridge Scheduler',
  'SES',
  'CloudWatch',
  'OpenID Connect',
  'SAML 2.0',
]);

const isCatalogue = (value: unknown): value is { readonly en: unknown; readonly ko: unknown } =>
  typeof value === 'object' && value !== null && 'en' in value && 'ko' in value;

/** The site's own messages, and those of each area beside its pages. */
const catalogues = [
  { file: 'messages', en, ko },
  ...Object.entries(import.meta.glob<Record<string, unknown>>('./**/messages.ts', { eager: true })).flatMap(
    ([file, exports]) =>
      Object.values(exports)
        .filter(isCatalogue)
        .map((catalogue) => ({ file, ...catalogue })),
  ),
];

describe.each(catalogues)('the messages of $file', ({ en, ko }) => {
  it('are there in both languages, each with the same parts', () => {
    expect(shapeOf(ko)).toEqual(shapeOf(en));
  });

  it('are never empty, and Korean ones are Korean', () => {
    for (const text of [...textsOf(en), ...textsOf(ko)]) expect(text.trim()).not.toBe('');
    for (const text of textsOf(ko)) if (!properNames.has(text)) expect(text).toMatch(/[가-힣]/);
  });
});

describe.each(
  Object.entries(import.meta.glob<string>('./**/*.tsx', { eager: true, query: '?raw', import: 'default' })),
)('%s', (_, source) => {
  it('says nothing that is not in a catalogue', () => {
    expect(saidIn(source)).toEqual([]);
  });
});

describe('the client', () => {
  it.each(Object.values<Route>(contract).map((route): [string, Route] => [route.id, route]))(
    'calls %s as the contract says, with its parameters escaped',
    (_, route) => {
      const params = Object.fromEntries(Object.keys(route.params?.shape ?? {}).map((name) => [name, 'a/b?c']));
      const { url, init } = requestOf(route, { params, ...(route.body ? { body: { a: 1 } } : {}) });
      expect(init.method).toBe(route.method);
      expect(url).toBe(route.path.replace(/\{\w+\}/g, 'a%2Fb%3Fc'));
      expect(init.body).toBe(route.body ? '{"a":1}' : undefined);
    },
  );
});

it('suggests only addresses that the API takes, or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
      const slug = suggestSlug(name);
      // Too short is for the person to see; everything else must fit.
      if (slug.length >= 3) expect(slugSchema.safeParse(slug).success).toBe(true);
    }),
  );
  expect(suggestSlug('  Café  Größe & Söhne ')).toBe('cafe-groe-sohne');
});

it('makes the challenge of RFC 7636’s own example', async () => {
  expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});
