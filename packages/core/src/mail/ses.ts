import { SignatureV4, type SignatureV4Init } from '@smithy/signature-v4';
import * as z from 'zod';
import { Sha256 } from '../signing/sha256.ts';
import { MailRefused } from './outbox.ts';

const PATH = '/v2/email/outbound-emails';
const DEADLINE_MS = 10_000;

export interface Mail {
  /** The sender, whose domain SES has verified. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Headers beside those that every mail has, by their names. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type MailSender = (mail: Mail) => Promise<void>;

const errorSchema = z.object({ message: z.string().optional() }).catch({});

/**
 * Sends mails by the one call of SES that is needed.
 * @param options.endpoint where SES answers; by default the region's own
 * @returns a sender that throws `MailRefused` when SES did not take the mail, and another error when nobody knows
 */
export function createMailSender(options: {
  readonly region: string;
  readonly credentials: SignatureV4Init['credentials'];
  readonly endpoint?: string;
}): MailSender {
  const { region, credentials } = options;
  const endpoint = new URL(options.endpoint ?? `https://email.${region}.amazonaws.com`);
  const signer = new SignatureV4({ service: 'ses', region, credentials, sha256: Sha256 });
  return async ({ from, to, subject, text, html, headers: more = {} }) => {
    const content = (data: string) => ({ Data: data, Charset: 'UTF-8' });
    const body = JSON.stringify({
      FromEmailAddress: from,
      Destination: { ToAddresses: to },
      Content: {
        Simple: {
          Subject: content(subject),
          Body: { Text: content(text), Html: content(html) },
          ...(Object.keys(more).length > 0
            ? { Headers: Object.entries(more).map(([Name, Value]) => ({ Name, Value })) }
            : {}),
        },
      },
    });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
      path: PATH,
      headers: { host: endpoint.host, 'content-type': 'application/json' },
      body,
    });
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(new URL(PATH, endpoint), { method: 'POST', headers, body, signal });
    if (response.ok) return;
    const { message = `SES answered with ${response.status}.` } = errorSchema.parse(
      await response.json().catch(() => ({})),
    );
    // What SES refuses it has not sent; of what failed inside of it nobody knows.
    throw response.status < 500 ? new MailRefused(message) : new Error(message);
  };
}
