import * as z from 'zod';
import { idPattern } from '../ids/id.ts';
import { languageSchema } from '../tenant/language.ts';
import { announcementTextSchema } from './announcement-text.ts';
import type { Route } from './route.ts';
import { tenantIdSchema, tierSchema, timeSchema } from './schemas.ts';

const access = { by: 'operator' } as const;
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;

/** Which companies an announcement goes to, of those that are served. */
export const audienceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('tier'), tier: tierSchema }),
  z.strictObject({ kind: z.literal('company'), tenantId: tenantIdSchema }),
]);
export type Audience = z.infer<typeof audienceSchema>;

const announcementIdSchema = z.string().regex(idPattern('announcement'), 'must be the id of an announcement');
const amount = z.int().nonnegative();

const announcementSchema = z.object({
  id: z.string(),
  ...announcementTextSchema.shape,
  audience: audienceSchema,
  sentBy: z.string(),
  sentAt: timeSchema,
  /** `waiting`: its companies are not chosen yet; `sending`: they are, and get it one after the other. */
  state: z.enum(['waiting', 'sending', 'sent']),
  /** How many companies it goes to; null while they are not chosen. */
  companies: amount.nullable(),
  /** How many of them have it. One that leaves in between never does. */
  reached: amount,
});

const text = {
  subject: { en: 'Maintenance on 12 December', ko: '12월 12일 점검 안내' },
  body: { en: 'We move the database on **12 December**.', ko: '**12월 12일**에 데이터베이스를 이전합니다.' },
};

export const announcementRoutes = {
  listAnnouncements: {
    id: 'listAnnouncements',
    method: 'GET',
    path: '/v1/operator/announcements',
    function: 'announcements',
    access,
    summary: 'The newest announcements, and how far their sending is',
    response: { status: 200, schema: z.object({ announcements: z.array(announcementSchema) }) },
    errors: ['unauthenticated', 'forbidden'],
    cost: 'light',
  },
  sendAnnouncement: {
    id: 'sendAnnouncement',
    method: 'PUT',
    path: '/v1/operator/announcements/{announcementId}',
    function: 'announcements',
    access,
    summary:
      'Mail owners and administrators of companies, each in their language. The caller makes up the id: sent again, it changes nothing',
    params: z.object({ announcementId: announcementIdSchema }),
    body: z.strictObject({ ...announcementTextSchema.shape, audience: audienceSchema }),
    bodyBytesMax: 65_536,
    response: { status: 200, schema: announcementSchema },
    errors: [...errors, 'body_too_large', 'conflict'],
    cost: 'heavy',
    example: { request: { ...text, audience: { kind: 'tier', tier: 'premium' } } },
  },
  testAnnouncement: {
    id: 'testAnnouncement',
    method: 'POST',
    path: '/v1/operator/announcement-tests',
    function: 'announcements',
    access,
    summary: 'Mail an announcement to oneself, in one language, before anybody else gets it',
    body: z.strictObject({ ...announcementTextSchema.shape, language: languageSchema }),
    bodyBytesMax: 65_536,
    response: { status: 200, schema: z.object({ to: z.string() }) },
    errors: [...errors, 'body_too_large', 'unavailable'],
    cost: 'heavy',
    example: { request: { ...text, language: 'ko' } },
  },
} as const satisfies Record<string, Route>;
