import { createMailSender, type Mail } from '@tenantry/core/mail/ses';
import * as z from 'zod';
import { readEnvironment, required } from './environment.ts';
import { ownDynamo } from './scoped/dynamo.ts';

/** Sends mails from the stage's address, by the function's own role, to which only that address is granted. */
export function ownMailSender(): (mail: Omit<Mail, 'from'>) => Promise<void> {
  const { MAIL_FROM, AWS_REGION, AWS_ENDPOINT_URL } = readEnvironment({
    MAIL_FROM: required,
    AWS_REGION: required,
    AWS_ENDPOINT_URL: z.url().optional(),
  });
  const send = createMailSender({
    region: AWS_REGION,
    credentials: ownDynamo().config.credentials,
    ...(AWS_ENDPOINT_URL ? { endpoint: AWS_ENDPOINT_URL } : {}),
  });
  return (mail) => send({ from: MAIL_FROM, ...mail });
}
