import { z } from 'zod';
import { AwsError, type AwsRequest, type IamRequirement } from '../aws/engine.ts';
import type { Mailbox, OutgoingMail } from './mailbox.ts';
import { bareAddress, parseMessage } from './mime.ts';

/** What an operation of SES works on. */
export interface SesContext {
  readonly mailbox: Mailbox;
  readonly accountId: string;
  readonly region: string;
}

export interface SesCall {
  readonly name: string;
  readonly requires: readonly IamRequirement[];
  run(): object;
}

interface SesRoute {
  readonly method: string;
  readonly path: RegExp;
  prepare(context: SesContext, request: AwsRequest, pathValue: string): SesCall;
}

const MESSAGE_BYTES_MAX = 10 * 1024 * 1024;

const content = z.strictObject({ Data: z.string().max(MESSAGE_BYTES_MAX), Charset: z.string().optional() });
const bodies = z.strictObject({ Text: content.optional(), Html: content.optional() });
const addresses = z.array(z.string().min(3).max(320)).max(50).optional();

const sendEmailInput = z.strictObject({
  FromEmailAddress: z.string().min(3).max(320).optional(),
  Destination: z.strictObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }).default({}),
  ReplyToAddresses: addresses,
  EmailTags: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).optional(),
  ConfigurationSetName: z.string().optional(),
  Content: z.strictObject({
    Simple: z.strictObject({ Subject: content, Body: bodies }).optional(),
    Raw: z.strictObject({ Data: z.base64() }).optional(),
    Template: z.strictObject({ TemplateName: z.string(), TemplateData: z.string().optional() }).optional(),
  }),
});

const templateContent = z.strictObject({
  Subject: z.string().default(''),
  Text: z.string().default(''),
  Html: z.string().default(''),
});

function parse<S extends z.ZodType>(schema: S, body: Buffer): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(body.length === 0 ? '{}' : body.toString('utf8'));
  } catch {
    throw new AwsError('BadRequestException', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AwsError('BadRequestException', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}

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

function identityArn({ region, accountId }: SesContext, name: string): string {
  return `arn:aws:ses:${region}:${accountId}:identity/${name}`;
}

function sendEmail(context: SesContext, request: AwsRequest): SesCall {
  const input = parse(sendEmailInput, request.body);
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

function identityBody(name: string): object {
  return {
    IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
    VerifiedForSendingStatus: true,
    VerificationStatus: 'SUCCESS',
    FeedbackForwardingStatus: true,
  };
}

function onIdentity(action: string, run: (context: SesContext, name: string) => object): SesRoute['prepare'] {
  return (context, _request, name) => ({
    name: action,
    requires: [{ action: `ses:${action}`, resource: identityArn(context, name) }],
    run: () => run(context, name),
  });
}

function onTemplate(
  action: string,
  run: (context: SesContext, name: string, request: AwsRequest) => object,
): SesRoute['prepare'] {
  return (context, request, name) => ({
    name: action,
    requires: [
      { action: `ses:${action}`, resource: `arn:aws:ses:${context.region}:${context.accountId}:template/${name}` },
    ],
    run: () => run(context, name, request),
  });
}

function missing(kind: string, name: string): AwsError {
  return new AwsError('NotFoundException', `${kind} ${name} does not exist.`, 404);
}

/** The operations of SES v2 that the local cloud answers, by method and path. */
export const SES_ROUTES: readonly SesRoute[] = [
  { method: 'POST', path: /^\/v2\/email\/outbound-emails$/, prepare: sendEmail },
  {
    method: 'POST',
    path: /^\/v2\/email\/identities$/,
    prepare(context, request) {
      const { EmailIdentity: name } = parse(
        z.strictObject({ EmailIdentity: z.string().min(3).max(320) }),
        request.body,
      );
      return {
        name: 'CreateEmailIdentity',
        requires: [{ action: 'ses:CreateEmailIdentity', resource: identityArn(context, name) }],
        run() {
          if (context.mailbox.identity(name) !== undefined) {
            throw new AwsError('AlreadyExistsException', `Email identity ${name} already exist.`);
          }
          context.mailbox.addIdentity(name);
          return { IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN', VerifiedForSendingStatus: true };
        },
      };
    },
  },
  {
    method: 'GET',
    path: /^\/v2\/email\/identities$/,
    prepare: ({ mailbox }) => ({
      name: 'ListEmailIdentities',
      requires: [{ action: 'ses:ListEmailIdentities', resource: '*' }],
      run: () => ({
        EmailIdentities: mailbox.identities().map(({ name }) => ({
          IdentityName: name,
          IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
          SendingEnabled: true,
          VerificationStatus: 'SUCCESS',
        })),
      }),
    }),
  },
  {
    method: 'GET',
    path: /^\/v2\/email\/identities\/([^/]+)$/,
    prepare: onIdentity('GetEmailIdentity', ({ mailbox }, name) => {
      if (mailbox.identity(name) === undefined) throw missing('Email identity', name);
      return identityBody(name);
    }),
  },
  {
    method: 'DELETE',
    path: /^\/v2\/email\/identities\/([^/]+)$/,
    prepare: onIdentity('DeleteEmailIdentity', ({ mailbox }, name) => {
      if (!mailbox.removeIdentity(name)) throw missing('Email identity', name);
      return {};
    }),
  },
  {
    method: 'POST',
    path: /^\/v2\/email\/templates$/,
    prepare(context, request) {
      const schema = z.strictObject({ TemplateName: z.string().min(1).max(64), TemplateContent: templateContent });
      const { TemplateName: name, TemplateContent: parts } = parse(schema, request.body);
      return {
        name: 'CreateEmailTemplate',
        requires: [{ action: 'ses:CreateEmailTemplate', resource: '*' }],
        run() {
          if (context.mailbox.template(name) !== undefined) {
            throw new AwsError('AlreadyExistsException', `Template ${name} already exists.`);
          }
          context.mailbox.putTemplate({ name, subject: parts.Subject, text: parts.Text, html: parts.Html });
          return {};
        },
      };
    },
  },
  {
    method: 'GET',
    path: /^\/v2\/email\/templates\/([^/]+)$/,
    prepare: onTemplate('GetEmailTemplate', ({ mailbox }, name) => {
      const template = mailbox.template(name);
      if (template === undefined) throw missing('Template', name);
      return {
        TemplateName: name,
        TemplateContent: { Subject: template.subject, Text: template.text, Html: template.html },
      };
    }),
  },
  {
    method: 'PUT',
    path: /^\/v2\/email\/templates\/([^/]+)$/,
    prepare: onTemplate('UpdateEmailTemplate', ({ mailbox }, name, request) => {
      const { TemplateContent: parts } = parse(z.strictObject({ TemplateContent: templateContent }), request.body);
      if (mailbox.template(name) === undefined) throw missing('Template', name);
      mailbox.putTemplate({ name, subject: parts.Subject, text: parts.Text, html: parts.Html });
      return {};
    }),
  },
  {
    method: 'DELETE',
    path: /^\/v2\/email\/templates\/([^/]+)$/,
    prepare: onTemplate('DeleteEmailTemplate', ({ mailbox }, name) => {
      if (!mailbox.removeTemplate(name)) throw missing('Template', name);
      return {};
    }),
  },
];
