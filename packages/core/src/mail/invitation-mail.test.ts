import { describe, expect, it } from 'vitest';
import { roles } from '../identity/role.ts';
import { languages } from '../tenant/language.ts';
import { invitationMail } from './invitation-mail.ts';

const link = 'https://example.com/invitation#inv_token';
const expiresAt = Date.parse('2026-11-28T12:00:00.000Z') / 1000;

describe.each(languages)('the mail of an invitation in %s', (language) => {
  it.each(roles)('names the company, the day and the way there for a new %s', (role) => {
    const { subject, text, html } = invitationMail(language, { company: 'Green Shop', role, expiresAt }, link);
    expect(subject).toContain('Green Shop');
    for (const part of [text, html]) {
      expect(part).toContain('Green Shop');
      expect(part).toContain(link);
      expect(part).toContain(language === 'ko' ? '2026년 11월 28일' : 'November 28, 2026');
    }
    expect(/[가-힣]/.test(text)).toBe(language === 'ko');
  });

  it('runs and shows nothing that a company’s name has in it', () => {
    const company = '<img src=x onerror=alert(1)>\r\nBcc: eve@example.com';
    const { subject, html } = invitationMail(language, { company, role: 'viewer', expiresAt }, link);
    expect(html).not.toContain('<img');
    expect(subject).not.toMatch(/[\r\n]/);
  });
});
