import type { FunctionGrant } from './grants.ts';
import type { StageSettings } from './stage.ts';

export type MailFrom = ReturnType<typeof createMail>;

/** The address that mails come from, and the grant to send from it. SES asks its owner, or the domain's records, once. */
export function createMail(stage: StageSettings) {
  const { mailFrom, mailsPerSecond } = stage;
  const key = new sst.Secret('MailKey');
  const identity = new aws.sesv2.EmailIdentity('Mail', { emailIdentity: mailFrom });
  const sending: FunctionGrant = {
    actions: ['ses:SendEmail'],
    resources: [identity.arn],
    conditions: [{ test: 'StringEquals', variable: 'ses:FromAddress', values: [mailFrom] }],
  };
  return {
    from: mailFrom,
    sending,
    /** What links signed by mails are checked with. */
    keyEnvironment: { MAIL_KEY: key.value },
    circulars: { MAIL_FROM: mailFrom, MAIL_KEY: key.value, MAILS_PER_SECOND: String(mailsPerSecond) },
  };
}
