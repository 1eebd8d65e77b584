import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError, type AwsRequest, LOCAL_ACCOUNT_ID } from '../aws/engine.ts';
import { createMailEngine, type MailEngine } from './engine.ts';

const CALLER = { accountId: LOCAL_ACCOUNT_ID, arn: `arn:aws:iam::${LOCAL_ACCOUNT_ID}:root`, tags: {} };
let dir: string;
let mail: MailEngine;
let now = Date.parse('2026-03-02T09:00:00Z');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mail-'));
  mail = open();
});
afterEach(async () => {
  await mail.close();
  rmSync(dir, { recursive: true });
});

function open(): MailEngine {
  return createMailEngine({ dir, now: () => now, identities: ['tenantry.example'] });
}

function request(method: string, path: string, body: object = {}): AwsRequest {
  return {
    service: 'ses',
    region: 'us-east-1',
    method,
    path,
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    requestId: 'request',
  };
}

async function call(method: string, path: string, body: object = {}) {
  const operation = await mail.prepare(request(method, path, body));
  return { operation, response: (await operation.run(CALLER)).body };
}

function send(content: object, from = 'Tenantry <hello@tenantry.example>', to: string[] = ['kim@example.com']) {
  return call('POST', '/v2/email/outbound-emails', {
    FromEmailAddress: from,
    Destination: { ToAddresses: to },
    Content: content,
  });
}

const simple = { Simple: { Subject: { Data: 'Hi' }, Body: { Text: { Data: 'text' }, Html: { Data: '<b>html</b>' } } } };

describe('sending by SES', () => {
  test('a simple mail arrives and its call needs the grant on the identity that sends', async () => {
    const { operation, response } = await send(simple);
    expect(operation.requires).toEqual([
      {
        action: 'ses:SendEmail',
        resource: 'arn:aws:ses:us-east-1:000000000000:identity/tenantry.example',
        context: { 'ses:FromAddress': ['hello@tenantry.example'], 'ses:Recipients': ['kim@example.com'] },
      },
    ]);
    const [received] = mail.messages();
    expect(response).toEqual({ MessageId: received?.id });
    expect(received).toMatchObject({ subject: 'Hi', text: 'text', html: '<b>html</b>', to: ['kim@example.com'] });
  });

  test('a raw mail arrives as what it says, and needs the grant for raw mail', async () => {
    const raw = 'From: hello@tenantry.example\r\nTo: kim@example.com\r\nSubject: Raw\r\n\r\nbody';
    const { operation } = await call('POST', '/v2/email/outbound-emails', {
      Content: { Raw: { Data: Buffer.from(raw).toString('base64') } },
    });
    expect(operation.requires[0]?.action).toBe('ses:SendRawEmail');
    expect(mail.messages()[0]).toMatchObject({ subject: 'Raw', text: 'body', to: ['kim@example.com'] });
  });

  test('a template is filled, and a name without data is an error', async () => {
    await call('POST', '/v2/email/templates', {
      TemplateName: 'invite',
      TemplateContent: { Subject: 'Join {{tenant}}', Text: 'Hello {{ name }}' },
    });
    const template = (data: object) => ({ Template: { TemplateName: 'invite', TemplateData: JSON.stringify(data) } });
    await send(template({ tenant: 'Shop', name: 'Kim' }));
    expect(mail.messages()[0]).toMatchObject({ subject: 'Join Shop', text: 'Hello Kim' });
    await expect(send(template({ tenant: 'Shop' }))).rejects.toThrow("Attribute 'name'");
    await expect(send({ Template: { TemplateName: 'none' } })).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test('an address that is no identity sends nothing', async () => {
    await expect(send(simple, 'someone@elsewhere.example')).rejects.toMatchObject({ code: 'MessageRejected' });
    expect(mail.messages()).toEqual([]);
    await call('POST', '/v2/email/identities', { EmailIdentity: 'someone@elsewhere.example' });
    await send(simple, 'someone@elsewhere.example');
    expect(mail.messages()).toHaveLength(1);
  });

  test.each([
    [
      'two kinds of content',
      'POST',
      '/v2/email/outbound-emails',
      { Content: { ...simple, Raw: { Data: 'YQ==' } } },
      'BadRequestException',
    ],
    ['an unknown member', 'POST', '/v2/email/outbound-emails', { Content: simple, Surprise: 1 }, 'BadRequestException'],
    ['an unknown path', 'GET', '/v2/email/contact-lists', {}, 'UnknownOperationException'],
    ['a malformed path', 'GET', '/v2/email/identities/%E0%A4%A', {}, 'BadRequestException'],
  ])('%s is an error before anything is sent', (_what, method, path, body, code) => {
    expect(() => mail.prepare(request(method, path, body))).toThrow(expect.objectContaining({ code }));
    expect(() => mail.prepare(request(method, path, body))).toThrow(AwsError);
  });

  test('identities are listed, shown and removed', async () => {
    expect((await call('GET', '/v2/email/identities')).response).toMatchObject({
      EmailIdentities: [{ IdentityName: 'tenantry.example', IdentityType: 'DOMAIN' }],
    });
    expect((await call('GET', '/v2/email/identities/tenantry.example')).response).toMatchObject({
      VerifiedForSendingStatus: true,
    });
    await call('DELETE', '/v2/email/identities/tenantry.example');
    await expect(call('GET', '/v2/email/identities/tenantry.example')).rejects.toMatchObject({ status: 404 });
  });
});

describe('the inbox', () => {
  test('keeps mails across a restart, newest first, found by recipient', async () => {
    await mail.send({ to: 'kim@example.com', from: 'a@b.co', subject: 'first', text: '1' });
    now += 1;
    await mail.send({ to: ['lee@example.com', 'kim@example.com'], from: 'a@b.co', subject: 'second', text: '2' });
    await mail.close();
    mail = open();
    expect(mail.messages().map(({ subject }) => subject)).toEqual(['second', 'first']);
    expect(mail.messages({ to: 'LEE@' }).map(({ subject }) => subject)).toEqual(['second']);
    expect(mail.messages({ limit: 1 })).toHaveLength(1);
  });

  test('answers programs with JSON', async () => {
    await mail.send({ to: 'kim@example.com', from: 'a@b.co', subject: 'hello', text: '123456' });
    const { url } = await mail.listenInbox(0);
    const { messages } = (await (await fetch(`${url}/api/messages?to=kim@example.com`)).json()) as {
      messages: { id: string; text: string }[];
    };
    expect(messages).toHaveLength(1);
    expect(await (await fetch(`${url}/api/messages/${messages[0]?.id}`)).json()).toMatchObject({ text: '123456' });
    expect((await fetch(`${url}/api/messages?limit=0`)).status).toBe(400);
    expect((await fetch(`${url}/api/messages/none`)).status).toBe(404);
    expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(405);
  });

  test('shows a mail as text, and its markup only in a frame that can do nothing', async () => {
    const hostile = '<script>alert(1)</script>';
    const { id } = await mail.send({ to: hostile, from: hostile, subject: hostile, text: hostile, html: hostile });
    const { url } = await mail.listenInbox(0);
    for (const path of ['/', `/messages/${id}`, `/?to=${encodeURIComponent('"><script>alert(1)</script>')}`]) {
      expect(await (await fetch(url + path)).text()).not.toContain('<script>');
    }
    const page = await (await fetch(`${url}/messages/${id}`)).text();
    expect(page).toContain('<iframe sandbox ');
    const frame = await fetch(`${url}/messages/${id}/html`);
    expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  });

  test('teaches when it is empty', async () => {
    const { url } = await mail.listenInbox(0);
    expect(await (await fetch(url)).text()).toContain('No mail yet');
    expect((await fetch(`${url}/messages/none`)).status).toBe(404);
  });
});
