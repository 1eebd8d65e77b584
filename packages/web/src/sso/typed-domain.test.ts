import { expect, it } from 'vitest';
import { typedDomain } from './typed-domain.ts';

it('is what was typed, what stands behind the @, or the host of a site', () => {
  for (const typed of [
    'acme.com',
    ' acme.com ',
    'ada@acme.com',
    '@acme.com',
    'https://www.Acme.com/about',
    'http://acme.com:80',
  ]) {
    expect(typedDomain(typed), typed).toBe('acme.com');
  }
});

it('leaves what is neither to the API, which says what is wrong with it', () => {
  for (const typed of ['acme', 'https:', 'ac me.com']) expect(typedDomain(typed), typed).toBe(typed);
});
