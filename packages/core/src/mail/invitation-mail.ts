import type { Role } from '../identity/role.ts';
import type { Language } from '../tenant/language.ts';
import { type WrittenMail, writeLetter } from './letter.ts';
import { type SimpleLetter, simpleLetter } from './simple-letter.ts';
import { dayWords } from './words.ts';

interface Facts {
  readonly company: string;
  readonly role: Role;
  readonly expiresOn: string;
}

const letters: Readonly<Record<Language, (facts: Facts) => SimpleLetter & { readonly reason: string }>> = {
  en: ({ company, role, expiresOn }) => ({
    subject: `You are invited to ${company}`,
    lines: [
      `${company} asks you to join its console at Tenantry as ${role === 'owner' || role === 'admin' ? 'an' : 'a'} ${role}.`,
      `Sign in, or sign up, with the address that this mail went to. The invitation can be accepted until ${expiresOn}.`,
    ],
    button: 'See the invitation',
    reason: 'You get this mail because somebody at the company gave your address. If you do not know it, do nothing.',
  }),
  ko: ({ company, role, expiresOn }) => ({
    subject: `${company}에서 초대했습니다`,
    lines: [
      `${company}의 Tenantry 콘솔에 ${{ owner: '소유자', admin: '관리자', member: '구성원', viewer: '열람자' }[role]}로 초대되었습니다.`,
      `이 메일을 받은 주소로 로그인하거나 가입해 주세요. 초대는 ${expiresOn}까지 수락할 수 있습니다.`,
    ],
    button: '초대 보기',
    reason: '회사의 누군가가 이 주소를 입력하여 보내는 메일입니다. 모르는 회사라면 무시하셔도 됩니다.',
  }),
};

/** The mail of an invitation. @param link to the page where it is accepted, with the token @param expiresAt seconds since the epoch */
export function invitationMail(
  language: Language,
  facts: { readonly company: string; readonly role: Role; readonly expiresAt: number },
  link: string,
): WrittenMail {
  const { company, role, expiresAt } = facts;
  const letter = letters[language]({ company, role, expiresOn: dayWords(expiresAt * 1000, language) });
  return writeLetter(simpleLetter(letter, letter.reason, link), language);
}
