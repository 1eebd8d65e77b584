import type { Language } from '../tenant/language.ts';
import { type Letter, type WrittenMail, writeLetter } from './letter.ts';

/** What a code that is mailed is good for. */
export const codePurposes = ['signUp', 'password', 'email', 'temporaryPassword'] as const;
export type CodePurpose = (typeof codePurposes)[number];

interface Words {
  readonly subject: string;
  readonly text: string;
  readonly label: string;
}

const words: Readonly<
  Record<Language, Readonly<Record<CodePurpose, Words>> & { readonly care: string; readonly reason: string }>
> = {
  en: {
    signUp: {
      subject: 'Your verification code',
      text: 'Enter this code to confirm your address and finish signing up. It is good for 24 hours.',
      label: 'Your verification code is',
    },
    password: {
      subject: 'Your password reset code',
      text: 'Enter this code to choose a new password. It is good for one hour.',
      label: 'Your password reset code is',
    },
    email: {
      subject: 'Confirm your new address',
      text: 'Enter this code to confirm that this address is yours. It is good for 24 hours.',
      label: 'The code for your new email address is',
    },
    temporaryPassword: {
      subject: 'Your temporary password',
      text: 'An account was made for you. Sign in with your address and this password; you choose your own right after.',
      label: 'Your temporary password is',
    },
    care: 'Nobody from Tenantry ever asks for this code. Do not pass it on.',
    reason: 'You get this mail because this address was given at Tenantry. If it was not you, do nothing.',
  },
  ko: {
    signUp: {
      subject: '인증 코드 안내',
      text: '아래 코드를 입력하시면 주소가 확인되고 가입이 완료됩니다. 코드는 24시간 동안 유효합니다.',
      label: '인증 코드는 다음과 같습니다',
    },
    password: {
      subject: '비밀번호 재설정 코드 안내',
      text: '아래 코드를 입력하시면 새 비밀번호를 정할 수 있습니다. 코드는 1시간 동안 유효합니다.',
      label: '비밀번호 재설정 코드는 다음과 같습니다',
    },
    email: {
      subject: '새 이메일 주소 확인',
      text: '아래 코드를 입력하시면 새 주소가 확인됩니다. 코드는 24시간 동안 유효합니다.',
      label: '새 이메일 주소의 확인 코드는 다음과 같습니다',
    },
    temporaryPassword: {
      subject: '임시 비밀번호 안내',
      text: '계정이 만들어졌습니다. 이메일 주소와 아래 비밀번호로 로그인하신 뒤 바로 새 비밀번호를 정해 주세요.',
      label: '임시 비밀번호는 다음과 같습니다',
    },
    care: 'Tenantry는 이 코드를 절대 묻지 않습니다. 다른 사람에게 알려 주지 마세요.',
    reason: 'Tenantry에 이 주소가 입력되어 보내 드리는 메일입니다. 본인이 아니라면 무시하셔도 됩니다.',
  },
};

type LetterBlocks = Letter['blocks'];

function blocksOf(purpose: CodePurpose, code: string, language: Language): LetterBlocks {
  const { [purpose]: named, care } = words[language];
  return [
    { kind: 'text', text: named.text },
    { kind: 'code', code, label: named.label },
    { kind: 'text', text: care },
  ];
}

/**
 * The mail that carries a code, or a temporary password.
 * @param language the reader's; undefined while nobody knows it, which gives both, English first
 * @param code what the mail shows; for Cognito, the mark that it puts the code in place of
 */
export function codeMail(purpose: CodePurpose, language: Language | undefined, code: string): WrittenMail {
  const shown: readonly Language[] = language ? [language] : ['en', 'ko'];
  const letter: Letter = {
    subject: shown.map((one) => words[one][purpose].subject).join(' · '),
    preheader: shown.map((one) => words[one][purpose].text).join(' '),
    blocks: shown.flatMap((one) => blocksOf(purpose, code, one)),
    reason: shown.map((one) => words[one].reason).join(' '),
  };
  return writeLetter(letter, language ?? 'en');
}
