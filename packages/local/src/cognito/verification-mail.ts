import type { OutgoingMail } from '../mail/mailbox.ts';
import type { MailTemplate, PoolSpec } from './pool-spec.ts';

const FROM = 'Tenantry <no-reply@verificationemail.com>';

/** What Cognito writes when a pool has no words of its own. */
const plain = {
  code: { subject: 'Your verification code', html: 'Your verification code is {####}' },
  invitation: {
    subject: 'Your temporary password',
    html: 'Your username is {username} and temporary password is {####}',
  },
} as const satisfies Record<'code' | 'invitation', MailTemplate>;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The words of a page, for those who read the inbox as text; Cognito sends the page alone. */
const wordsOf = (html: string): string =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<\/(p|td|li|h1)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll('&nbsp;', ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();

function compose(to: string, { subject, html }: MailTemplate, code: string): OutgoingMail {
  const filled = html.replaceAll('{####}', () => escaped(code)).replaceAll('{username}', () => escaped(to));
  return { to, from: FROM, subject, text: wordsOf(filled), html: filled };
}

/** The mail that carries a six-digit code. Cognito has one for all purposes. */
export const codeMail = ({ mails }: PoolSpec, to: string, code: string): OutgoingMail =>
  compose(to, mails?.code ?? plain.code, code);

/** The mail that invites a user whom an administrator made, with the temporary password. */
export const invitationMail = ({ mails }: PoolSpec, to: string, password: string): OutgoingMail =>
  compose(to, mails?.invitation ?? plain.invitation, password);
