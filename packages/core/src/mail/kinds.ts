import * as z from 'zod';
import { mailKinds as billingKinds } from '../billing/dunning.ts';
import { announcementTextSchema } from '../contract/announcement-text.ts';
import { weeklyReportSchema } from '../report/weekly-report.ts';
import { meterNameSchema } from '../usage/meter-name.ts';

/** Mails about what becomes of a company, beside those about its billing; `lifecycle-mails.ts` says what is in them. */
export const lifecycleKinds = [
  'welcome',
  'suspension',
  'reactivation',
  'deactivation',
  'exportReady',
  'usageThreshold',
  'domainMissing',
  'domainLapsed',
] as const;
export type LifecycleKind = (typeof lifecycleKinds)[number];

/** Mails that a company's people have to get, since they are about something that has to be known. */
export const noticeKinds = [...billingKinds, ...lifecycleKinds] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Mails that go to many companies, and that people may do without. */
export const circularKinds = ['weeklyReport', 'announcement'] as const;
export type CircularKind = (typeof circularKinds)[number];

/** Every mail to the people of a company that goes by the outbox. */
export const companyMailKinds = [...noticeKinds, ...circularKinds] as const;
export type CompanyMailKind = (typeof companyMailKinds)[number];

export const isCircular = (kind: CompanyMailKind): kind is CircularKind => circularKinds.some((one) => one === kind);

/** What such a mail says, beside its kind. Times are RFC 3339, amounts minor units. */
export const mailFactsSchema = z.object({
  company: z.string(),
  amount: z.int().optional(),
  currency: z.string().optional(),
  suspendsAt: z.string().optional(),
  deactivatesAt: z.string().optional(),
  trialEnd: z.string().optional(),
  /** Until when a deactivation can be undone, or a domain stays verified. */
  until: z.string().optional(),
  /** Of mail addresses. */
  domain: z.string().optional(),
  files: z.int().optional(),
  bytes: z.int().optional(),
  /** How much was used of what a billing period includes, in units, and when that ends. */
  usage: z
    .object({
      meter: meterNameSchema,
      /** Percent. */
      threshold: z.int(),
      used: z.number(),
      included: z.number(),
      until: z.string(),
    })
    .optional(),
  /** What a week came to. */
  report: weeklyReportSchema.optional(),
  announcement: announcementTextSchema.optional(),
});
export type MailFacts = z.infer<typeof mailFactsSchema>;
