import { html } from '../mail/html.ts';
import type { OutgoingMail } from '../mail/mailbox.ts';
import type { CodePurpose } from './code-store.ts';

const FROM = 'Tenantry <no-reply@verificationemail.com>';

const TEXTS = {
  SIGN_UP: {
    subject: 'Your verification code · 인증 코드',
    en: 'Your verification code is',
    ko: '인증 코드는 다음과 같습니다:',
  },
  PASSWORD: {
    subject: 'Your password reset code · 비밀번호 재설정 코드',
    en: 'Your password reset code is',
    ko: '비밀번호 재설정 코드는 다음과 같습니다:',
  },
  EMAIL: {
    subject: 'Confirm your email address · 이메일 주소 확인',
    en: 'The code for your new email address is',
    ko: '새 이메일 주소의 확인 코드는 다음과 같습니다:',
  },
} as const satisfies Record<CodePurpose, { subject: string; en: string; ko: string }>;

function compose(to: string, subject: string, en: string, ko: string, secret: string): OutgoingMail {
  const markup = html`<!doctype html><meta charset="utf-8"><body style="font-family:system-ui,sans-serif;color:#14181f;padding:24px">
<p style="margin:0 0 8px">${en}</p>
<p style="font:700 28px/1.2 ui-monospace,monospace;letter-spacing:4px;margin:0 0 8px">${secret}</p>
<p lang="ko" style="margin:0;color:#5a6472">${ko} ${secret}</p>`;
  return { to, from: FROM, subject, text: `${en} ${secret}\n\n${ko} ${secret}\n`, html: markup.markup };
}

/** The mail that carries a six-digit code, in English and Korean. */
export function codeMail(to: string, purpose: CodePurpose, code: string): OutgoingMail {
  const { subject, en, ko } = TEXTS[purpose];
  return compose(to, subject, en, ko, code);
}

/** The mail that invites a user whom an administrator made, with the temporary password. */
export function invitationMail(to: string, password: string): OutgoingMail {
  const en = `Sign in as ${to}. Your temporary password is`;
  return compose(to, 'Your temporary password · 임시 비밀번호', en, '임시 비밀번호는 다음과 같습니다:', password);
}
