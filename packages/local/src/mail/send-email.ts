import * as z from 'zod';
import { AwsError, type AwsRequest } from '../aws/engine.ts';
import type { Mailbox, OutgoingMail } from './mailbox.ts';
import { bareAddress, parseMessage } from './mime.ts';
import { identityArn, parseInput, type SesCall, type SesContext } from './ses-call.ts';

const MESSAGE_BYTES_MAX = 10 * 1024 * 1024;

const content = z.strictObject({ Data: z.string().max(MESSAGE_BYTES_MAX), Charset: z.string().optional() });
const bodies = z.strictObject({ Text: content.optional(), Html: content.optional() });
/** As SES takes them: up to fifteen, each on one line. */
const headers = z
  .array(
    z.strictObject({
      Name: z.string().regex(/^[!-9;-@A-~]{1,126}$/),
      Value: z.string().regex(/^[ -~]{1,870}$/),
    }),
  )
  .max(15)
  .optional();
const addresses = z.array(z.string().min(3).max(320)).max(50).optional();

const sendEmailInput = z.strictObject({
  FromEmailAddress: z.string().min(3).max(320).optional(),
  Destination: z.strictObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }).default({}),
  ReplyToAddresses: addresses,
  EmailTags: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).optional(),
  ConfigurationSetName: z.string().optional(),
  Content: z.strictObject({
    Simple: z.strictObject({ Subject: content, Body: bodies, Headers: headers }).optional(),
    Raw: z.strictObject({ Data: z.base64() }).optional(),
    Template: z.strictObject({ TemplateName: z.string(), TemplateData: z.string().optional() }).optional(),
  }),
});

/** Fills `{{name}}` from the data; a name without data is an error, as SES reports a rendering failure. */
export function renderTemplate(template: string, data: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined) {
      throw new AwsError('BadRequestException', `Attribute '${name}' is not present in the rendering data.`);
    }
    return String(value);
  });
}

function templateData(json: string | undefined): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json ?? '{}'));
  } catch {
    throw new AwsError('BadRequestException', 'TemplateData is not a JSON object.');
  }
}

function compose(mailbox: Mailbox, input: z.output<typeof sendEmailInput>): OutgoingMail {
  const { Simple: simple, Raw: raw, Template: template } = input.Content;
  if ([simple, raw, template].filter((kind) => kind !== undefined).length !== 1) {
    throw new AwsError('BadRequestException', 'Content must have exactly one of Simple, Raw and Template.');
  }
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = input.Destination;
  const to = [...ToAddresses, ...CcAddresses, ...BccAddresses];
  const from = input.FromEmailAddress ?? '';
  if (simple !== undefined) {
    return {
      to,
      from,
      subject: simple.Subject.Data,
      text: simple.Body.Text?.Data,
      html: simple.Body.Html?.Data,
      headers: Object.fromEntries((simple.Headers ?? []).map(({ Name, Value }) => [Name, Value])),
    };
  }
  if (raw !== undefined) {
    const message = parseMessage(Buffer.from(raw.Data, 'base64'));
    const attachments = message.attachments.map((name) => `\n[attachment: ${name}]`).join('');
    return {
      to: to.length > 0 ? to : message.to,
      from: from === '' ? message.from : from,
      subject: message.subject,
      text: message.text + attachments,
      html: message.html,
    };
  }
  const stored = mailbox.template(template?.TemplateName ?? '');
  if (stored === undefined) {
    throw new AwsError('NotFoundException', `Template ${template?.TemplateName} doesn't exist.`, 404);
  }
  const data = templateData(template?.TemplateData);
  return {
    to,
    from,
    subject: renderTemplate(stored.subject, data),
    text: renderTemplate(stored.text, data),
    html: renderTemplate(stored.html, data),
  };
}

function verifiedIdentity(mailbox: Mailbox, from: string): string | undefined {
  const address = bareAddress(from).toLowerCase();
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return [address, domain].find((name) => mailbox.identity(name) !== undefined);
}

/** `SendEmail` with simple, raw or templated content. */
export function sendEmail(context: SesContext, request: AwsRequest): SesCall {
  const input = parseInput(sendEmailInput, request.body);
  const mail = compose(context.mailbox, input);
  if (mail.to.length === 0) throw new AwsError('BadRequestException', 'The message has no recipient.');
  const identity = verifiedIdentity(context.mailbox, mail.from);
  const from = bareAddress(mail.from);
  return {
    name: 'SendEmail',
    requires: [
      {
        action: input.Content.Raw === undefined ? 'ses:SendEmail' : 'ses:SendRawEmail',
        resource: identityArn(context, identity ?? from),
        context: { 'ses:FromAddress': [from], 'ses:Recipients': [mail.to].flat().map(bareAddress) },
      },
    ],
    run() {
      if (identity === undefined) {
        throw new AwsError(
          'MessageRejected',
          `Email address is not verified. The following identities failed the check in region ${context.region.toUpperCase()}: ${from}`,
        );
      }
      return { MessageId: context.mailbox.add(mail).id };
    },
  };
}
