import type { AuditRecord } from '../audit/audit.ts';

interface EventType {
  /** What a company reads when it chooses. */
  readonly title: string;
  /** Whether an entry of the audit log is such an event. */
  readonly isMeantBy: (entry: Pick<AuditRecord, 'action' | 'details'>) => boolean;
}

const action =
  (...names: readonly string[]): EventType['isMeantBy'] =>
  (entry) =>
    names.includes(entry.action);

const status =
  (to: string, from?: string): EventType['isMeantBy'] =>
  ({ action: name, details }) =>
    name === 'tenant.status' && details.to === to && (from === undefined || details.from === from);

/**
 * What companies can be told of, and which entries of the audit log say that it happened. The log is the outbox: an entry is written in the
 * transaction of what it is about, so nothing is told that did not happen, and nothing that happened is forgotten.
 */
export const webhookEvents = {
  'tenant.suspended': { title: 'The company was suspended', isMeantBy: status('suspended') },
  'tenant.reactivated': { title: 'The company was reactivated', isMeantBy: status('active', 'suspended') },
  'tenant.deactivated': {
    title: 'The company was deactivated, and will be deleted unless that is undone',
    isMeantBy: action('tenant.deactivated'),
  },
  'tenant.restored': { title: 'The deactivation was undone', isMeantBy: action('tenant.restored') },
  'subscription.changed': {
    title: 'The tier, the interval or the standing of the subscription changed',
    isMeantBy: action('tenant.tier.changed', 'billing.interval', 'billing.standing'),
  },
  'usage.threshold': {
    title: 'Use reached 80 % or 100 % of what a billing period includes of a meter',
    isMeantBy: action('usage.threshold'),
  },
  'model.promoted': {
    title: 'Another model serves',
    isMeantBy: action('model.served', 'model.promoted'),
  },
  'training.failed': { title: 'A training ended without a model that serves', isMeantBy: action('training.failed') },
  'export.ready': { title: 'The files of an export can be fetched', isMeantBy: action('tenant.export.ready') },
  'api-key.created': { title: 'An API key was created', isMeantBy: action('apiKey.created') },
  'api-key.revoked': { title: 'An API key was revoked', isMeantBy: action('apiKey.revoked') },
  'member.added': { title: 'Somebody joined the company', isMeantBy: action('user.joined') },
  'member.removed': { title: 'Somebody left or was removed', isMeantBy: action('user.left', 'user.removed') },
} as const satisfies Record<string, EventType>;

export type WebhookEventType = keyof typeof webhookEvents;

export const webhookEventTypes = Object.keys(webhookEvents) as [WebhookEventType, ...WebhookEventType[]];

/** What `send a test event` sends; it goes to one endpoint, whatever that has chosen. */
export const testEventType = 'webhook.test';

/** The event that an entry of the audit log stands for; undefined for most. */
export const eventTypeOf = (entry: Pick<AuditRecord, 'action' | 'details'>): WebhookEventType | undefined =>
  webhookEventTypes.find((type) => webhookEvents[type].isMeantBy(entry));
