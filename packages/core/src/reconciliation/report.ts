import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { driftKinds } from './kinds.ts';

/** A report is one row, which may have 400 KB. */
export const findingsMax = 200;
const TEXT_MAX = 500;

const text = z.string().transform((value) => (value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX - 1)}…` : value));

export const findingSchema = z.object({
  kind: z.enum(driftKinds),
  resource: text,
  tenantId: z.string().nullable(),
  problem: text,
  /** What mends it, for people. */
  command: text,
  /** Whether this run mended it, or began to; the next run tells how that ended. */
  mended: z.boolean(),
});
export type Finding = z.infer<typeof findingSchema>;

export const reportSchema = z.object({
  startedAt: z.string(),
  endedAt: z.string(),
  fix: z.boolean(),
  /** How many of each kind were looked at. */
  checked: z.record(z.string(), z.int().nonnegative()),
  findings: z.array(findingSchema).max(findingsMax),
  /** Findings beyond the most that a report holds. */
  findingsLeftOut: z.int().nonnegative(),
});
export type Report = z.infer<typeof reportSchema>;

/** Keeps the report in the place of the one before it. */
export async function saveReport(control: Table, report: Report): Promise<void> {
  await control.client.send(
    new PutCommand({ TableName: control.name, Item: { ...controlKeys.reconciliation, report } }),
  );
}

/** What operators read: before the first run a report of nothing, without times. */
export const newestReportSchema = reportSchema.extend({
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type NewestReport = z.infer<typeof newestReportSchema>;

const noReport: NewestReport = {
  startedAt: null,
  endedAt: null,
  fix: false,
  checked: {},
  findings: [],
  findingsLeftOut: 0,
};

/** The newest report; an empty one before the first. */
export async function readReport(control: Table): Promise<NewestReport> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.reconciliation, ConsistentRead: true }),
  );
  return Item ? reportSchema.parse(Item.report) : noReport;
}
