import { describe, expect, it } from 'vitest';
import { moneyWords } from '../mail/words.ts';
import { languages } from '../tenant/language.ts';
import { mailKinds } from './dunning.ts';
import { billingMail } from './mails.ts';

const facts = {
  company: '<b>Shop</b>\r\nBcc: a@b.c',
  amount: 690_000,
  currency: 'krw',
  suspendsAt: '2027-03-11T00:00:00.000Z',
  deactivatesAt: '2027-03-31T00:00:00.000Z',
  trialEnd: '2027-02-01T00:00:00.000Z',
};

describe.each(languages)('mails in %s', (language) => {
  it.each(mailKinds)(
    '%s names the company and leads to the page, as text and as a page, and nothing of it is markup',
    (kind) => {
      const { subject, text, html } = billingMail(kind, language, facts, 'https://app.example.com/billing?a=1&b=2');
      expect(subject).not.toMatch(/[\r\n]/);
      expect(text).toContain('https://app.example.com/billing?a=1&b=2');
      expect(html).toContain('billing?a=1&#38;b=2');
      expect(html).not.toContain('<b>');
      expect(`${subject}${text}`).not.toMatch(/undefined|NaN/);
    },
  );
});

it.each([
  [4900, 'usd', 'en', '$49.00'],
  [69_000, 'krw', 'ko', '₩69,000'],
  [4550, 'eur', 'en', '€45.50'],
] as const)('writes %i minor units of %s in %s as %s', (amount, currency, language, words) => {
  expect(moneyWords(amount, currency, language)).toBe(words);
});
