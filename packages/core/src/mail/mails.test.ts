import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Language, languages } from '../tenant/language.ts';
import { announcementLetter } from './announcement-mail.ts';
import { codeMail, codePurposes, cognitoMarks } from './code-mail.ts';
import { writeLetter } from './letter.ts';
import { mailSamples } from './samples.ts';

const bytesMax = 100_000;
/** Cognito takes no longer message. */
const cognitoCharactersMax = 20_000;

const linksOf = (html: string): readonly string[] =>
  [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) =>
    href.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
  );

const cases = languages.flatMap((language) =>
  mailSamples().map(({ name, write }): [string, Language, ReturnType<typeof write>] => [
    name,
    language,
    write(language),
  ]),
);

describe.each(cases)('%s in %s', (_, language, { subject, text, html }) => {
  it('has a subject, a text and a page, each in its language', () => {
    expect(subject.trim()).not.toBe('');
    for (const part of [subject, text, html]) {
      expect(/[가-힣]/.test(part)).toBe(language === 'ko');
      expect(part).not.toMatch(/undefined|NaN|null|\[object/);
    }
    expect(html).toContain(`<html lang="${language}"`);
  });

  it('says in its text wherever its page leads', () => {
    for (const href of linksOf(html)) expect(text).toContain(href);
  });

  it('needs nothing that mail clients lack or that tells of its reader', () => {
    expect(html).not.toMatch(/<(img|script|link|iframe|form|svg|video)\b/i);
    expect(html).not.toMatch(/url\(|@import|position:|display:(flex|grid)/);
    // A table that lays out is none to a screen reader.
    for (const [tag] of html.matchAll(/<table[^>]*>/g)) expect(tag).toContain('role="presentation"');
    expect(html).toMatch(/prefers-color-scheme:dark/);
    expect(html.match(/<h1\b/g)).toHaveLength(1);
  });

  it('is small enough to be shown whole', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(bytesMax);
    expect(Buffer.byteLength(text)).toBeLessThan(bytesMax);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '"><img src=x onerror=alert(1)>',
    "' style='display:none",
    '</title><script>alert(1)</script>',
    'Shop\r\nBcc: eve@example.com',
    '\u202emoc.live',
    '&lt;b&gt;',
  ),
);
const tagsOf = (html: string): readonly string[] => [...html.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag);

it('keeps the words of an announcement apart, beside what is bold and links', () => {
  const said = 'We move **on Monday** to [a new home](https://a.example), all of us.\n\n- or **soon** after';
  const { text, html } = writeLetter(
    announcementLetter(
      'en',
      { subject: { en: 'News', ko: '소식' }, body: { en: said, ko: said } },
      'https://b.example',
    ),
    'en',
  );
  expect(text).toContain('We move on Monday to a new home (https://a.example), all of us.\n\n- or soon after');
  expect(html).toMatch(/We move <strong>on Monday<\/strong> to <a [^>]*>a new home<\/a>, all of us\./);
});

it('keeps its markup whatever a company is called, and its subject one line', () => {
  const plain = new Map(
    languages.flatMap((language) =>
      mailSamples({ company: 'Shop' }).map(
        ({ name, write }) => [`${language} ${name}`, tagsOf(write(language).html)] as const,
      ),
    ),
  );
  fc.assert(
    fc.property(hostile, fc.constantFrom(...languages), (company, language) => {
      for (const { name, write } of mailSamples({ company })) {
        const { subject, html, text } = write(language);
        expect(tagsOf(html)).toEqual(plain.get(`${language} ${name}`));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there.
        expect(subject).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
        expect(text).not.toMatch(/\r/);
      }
    }),
    { numRuns: 60 },
  );
});

it.each(['javascript:alert(1)', 'mailto:a@b.c', '/billing', 'https://a b'])(
  'leads nowhere but to pages: %s',
  (href) => {
    const letter = {
      subject: 's',
      preheader: 'p',
      blocks: [{ kind: 'button', label: 'b', href }] as const,
      reason: 'r',
    };
    expect(() => writeLetter(letter, 'en')).toThrow('A mail may lead to pages only.');
  },
);

it.each(codePurposes)(
  'gives Cognito a %s with its marks, in both languages, and no longer than it takes',
  (purpose) => {
    const { subject, html, text } = codeMail(purpose, undefined, cognitoMarks);
    expect(html.match(/\{####\}/g)).toHaveLength(2);
    expect(text.match(/\{####\}/g)).toHaveLength(2);
    expect(html.includes('{username}')).toBe(purpose === 'temporaryPassword');
    expect(subject).toMatch(/[가-힣]/);
    expect(html.length).toBeLessThan(cognitoCharactersMax);
    expect(subject.length).toBeLessThan(140);
  },
);

it('holds no six digits but the code, so that nothing else is taken for it', () => {
  for (const part of Object.values(codeMail('code', 'en', { code: '482193', account: '' }))) {
    expect(new Set(part.match(/\b\d{6}\b/g) ?? ['482193'])).toEqual(new Set(['482193']));
  }
});
