import { AwsError, type Engine, LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../aws/engine.ts';
import { handleInbox } from './inbox.ts';
import { Mailbox, type MailQuery, type OutgoingMail, type ReceivedMail } from './mailbox.ts';
import { type PageServer, servePages } from './page-server.ts';
import { SES_ROUTES } from './ses-operations.ts';

export interface MailEngineOptions {
  /** Where `mail.db` lies. */
  readonly dir: string;
  readonly now?: () => number;
  readonly accountId?: string;
  readonly region?: string;
  /** Addresses and domains that may send; they count as verified at once. */
  readonly identities?: readonly string[];
}

export interface MailEngine extends Engine {
  /** Puts a mail in the inbox, as AWS's own services do; no identity is asked for. */
  send(mail: OutgoingMail): Promise<ReceivedMail>;
  /** Newest first. */
  messages(query?: MailQuery): ReceivedMail[];
  /** Registers an address or a domain as verified. */
  addIdentity(name: string): void;
  /** Serves the inbox: pages for people, `GET /api/messages?to=&limit=` for programs. Port 0 takes a free one. */
  listenInbox(port: number): Promise<PageServer>;
}

function decodePath(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError('BadRequestException', 'The path is not percent-encoded UTF-8.');
  }
}

/** SES v2 whose mails all end in one inbox on this machine. */
export function createMailEngine(options: MailEngineOptions): MailEngine {
  const { dir, now = Date.now, accountId = LOCAL_ACCOUNT_ID, region = LOCAL_REGION, identities = [] } = options;
  const mailbox = new Mailbox(dir, now);
  for (const name of identities) mailbox.addIdentity(name);
  const servers: PageServer[] = [];
  return {
    services: ['ses'],
    protocol: 'rest-json',
    prepare(request) {
      for (const route of SES_ROUTES) {
        const match = request.method === route.method ? route.path.exec(request.path) : null;
        if (match === null) continue;
        const call = route.prepare({ mailbox, accountId, region }, request, decodePath(match[1] ?? ''));
        return { name: call.name, requires: call.requires, run: async () => ({ body: call.run() }) };
      }
      throw new AwsError('UnknownOperationException', `SES here has no ${request.method} ${request.path}.`, 404);
    },
    async send(mail) {
      return mailbox.add(mail);
    },
    messages: (query) => mailbox.list(query),
    addIdentity: (name) => mailbox.addIdentity(name),
    async listenInbox(port) {
      const server = await servePages(port, async (request) => handleInbox(mailbox, request));
      servers.push(server);
      return server;
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      mailbox.close();
    },
  };
}
