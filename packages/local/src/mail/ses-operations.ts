import * as z from 'zod';
import { AwsError, type AwsRequest } from '../aws/engine.ts';
import { sendEmail } from './send-email.ts';
import { identityArn, parseInput, type SesCall, type SesContext } from './ses-call.ts';

interface SesRoute {
  readonly method: string;
  readonly path: RegExp;
  prepare(context: SesContext, request: AwsRequest, pathValue: string): SesCall;
}

const templateContent = z.strictObject({
  Subject: z.string().default(''),
  Text: z.string().default(''),
  Html: z.string().default(''),
});

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
      const { EmailIdentity: name } = parseInput(
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
      const { TemplateName: name, TemplateContent: parts } = parseInput(schema, request.body);
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
      const { TemplateContent: parts } = parseInput(z.strictObject({ TemplateContent: templateContent }), request.body);
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
