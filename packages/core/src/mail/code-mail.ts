import type { Language } from '../tenant/language.ts';
import { type Letter, type WrittenMail, writeLetter } from './letter.ts';

/** What is mailed by whoever keeps the users: a code that proves an address, or the first password of a user whom an administrator made. */
export const codePurposes = ['code', 'temporaryPassword'] as const;
export type CodePurpose = (typeof codePurposes)[number];

interface Words {
  readonly subject: string;
  readonly text: (account: string) => string;
  readonly label: string;
}

const words: Readonly<
  Record<Language, Readonly<Record<CodePurpose, Words>> & { readonly care: string; readonly reason: string }>
> = {
  en: {
    code: {
      subject: 'Your verification code',
      text: () =>
        'Enter this code where you were asked for it: it confirms your address, or lets you choose a new password. It is good for a short time.',
      label: 'Your verification code is',
    },
    temporaryPassword: {
      subject: 'Your temporary password',
      text: (account) =>
        `An account was made for you. Sign in as ${account} with this password; you choose your own right after.`,
      label: 'Your temporary password is',
    },
    care: 'Nobody from Tenantry ever asks for it. Do not pass it on.',
    reason: 'You get this mail because this address was given at Tenantry. If it was not you, do nothing.',
  },
  ko: {
    code: {
      subject: '인증 코드 안내',
      text: () =>
        '코드를 요청한 화면에 아래 코드를 입력해 주세요. 주소를 확인하거나 새 비밀번호를 정할 때 사용하며, 짧은 시간 동안만 유효합니다.',
      label: '인증 코드는 다음과 같습니다',
    },
    temporaryPassword: {
      subject: '임시 비밀번호 안내',
      text: (account) =>
        `계정이 만들어졌습니다. ${account} 주소와 아래 비밀번호로 로그인하신 뒤 바로 새 비밀번호를 정해 주세요.`,
      label: '임시 비밀번호는 다음과 같습니다',
    },
    care: 'Tenantry는 이 내용을 절대 묻지 않습니다. 다른 사람에게 알려 주지 마세요.',
    reason: 'Tenantry에 이 주소가 입력되어 보내 드리는 메일입니다. 본인이 아니라면 무시하셔도 됩니다.',
  },
};

/**
 * The mail that carries a code, or a temporary password.
 * @param language the reader's; undefined while nobody knows it, which gives both, English first
 * @param shown what stands in the mail; for Cognito, the marks that it puts code and account in place of
 */
export function codeMail(
  purpose: CodePurpose,
  language: Language | undefined,
  shown: { readonly code: string; readonly account: string },
): WrittenMail {
  const spoken: readonly Language[] = language ? [language] : ['en', 'ko'];
  const said = spoken.map((one) => ({ ...words[one][purpose], care: words[one].care, reason: words[one].reason }));
  const letter: Letter = {
    subject: said.map(({ subject }) => subject).join(' · '),
    preheader: said.map(({ text }) => text(shown.account)).join(' '),
    blocks: said.flatMap(({ text, label, care }) => [
      { kind: 'text', text: text(shown.account) } as const,
      { kind: 'code', code: shown.code, label } as const,
      { kind: 'text', text: care } as const,
    ]),
    reason: said.map(({ reason }) => reason).join(' '),
  };
  return writeLetter(letter, language ?? 'en');
}

/** The marks in place of which Cognito puts the code and the user's name. */
export const cognitoMarks = { code: '{####}', account: '{username}' } as const;
