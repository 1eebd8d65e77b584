import { DeleteCommand, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { countDistinct, readGauge } from './evidence.ts';
import { type Day, dayOf, endOfHour, type Hour } from './hours.ts';
import { usageKeys } from './keys.ts';
import type { MeterName } from './meter-name.ts';
import { meters, wholeUnitsOf } from './meters.ts';
import { reportItem } from './report-row.ts';

/** An hour ends a little later than the clock says, so that what is still on its way is reported with the rest of it. */
export const GRACE_MS = 5 * 60_000;

const DAY_SECONDS = 86_400;
/** For as long as anybody may ask by the hour, and by the day. */
const HOURS_KEPT_DAYS = 400;
const DAYS_KEPT_DAYS = 1200;

export interface MeteredHour {
  readonly tenantId: TenantId;
  readonly meter: MeterName;
  readonly hour: Hour;
}

/** All that was metered in an hour. */
const hourSchema = z.object({
  steps: z.int().nonnegative(),
  revision: z.int().nonnegative(),
  /** How many of the steps are in what the biller is to be told. */
  handedSteps: z.int().nonnegative(),
});
type HourRow = z.infer<typeof hourSchema>;

/** All that was ever metered. Steps that make no whole unit yet are told with those that come after them. */
const totalSchema = z.object({
  steps: z.int().nonnegative(),
  revision: z.int().nonnegative(),
  handedSteps: z.int().nonnegative(),
  handedUnits: z.int().nonnegative(),
});

const nothing = { steps: 0, revision: 0, handedSteps: 0, handedUnits: 0 };

async function find<T>(usage: Table, key: object, schema: z.ZodType<T>): Promise<T | undefined> {
  const { Item } = await usage.client.send(
    new GetCommand({ TableName: usage.name, Key: { ...key }, ConsistentRead: true }),
  );
  return Item && schema.parse(Item);
}

/**
 * Counts an hour anew and replaces what is kept of it, which never falls. Once the hour is over, what was not handed over yet goes into
 * the outbox in the same transaction, so that the outbox holds what was metered, no more and no less. Stopped anywhere and
 * begun again, it ends the same.
 * @param options.early hands over hours that are not over, too
 * @param options.counted is called when the hour and its day are counted and still due; what it throws leaves the hour due
 * @returns `kept`, when there is more to come
 */
export async function rollUpHour(
  usage: Table,
  at: MeteredHour,
  options: { readonly now: Date; readonly early?: boolean; readonly counted?: () => Promise<unknown> },
): Promise<'settled' | 'kept'> {
  const due = await find(usage, usageKeys.due(at.tenantId, at.meter, at.hour), z.object({ version: z.int() }));
  if (!due) return 'settled';
  const counted = await countSteps(usage, at);
  const over = options.early || options.now.getTime() >= endOfHour(at.hour).getTime() + GRACE_MS;
  await replaceHour(usage, at, counted, { now: options.now, hand: over });
  await replaceDay(usage, at, options.now);
  await options.counted?.();
  if (!over) return 'kept';
  return (await settle(usage, at, due.version)) ? 'settled' : 'kept';
}

const countSteps = (usage: Table, at: MeteredHour): Promise<number> =>
  meters[at.meter].aggregation === 'gauge' ? readGauge(usage, at) : countDistinct(usage, at);

/** For as long as the hour is due: a tenant that is erased gets no rows back. */
export const whileDue = (usage: Table, { tenantId, meter, hour }: MeteredHour) => ({
  ConditionCheck: {
    TableName: usage.name,
    Key: usageKeys.due(tenantId, meter, hour),
    ConditionExpression: 'attribute_exists(pk)',
  },
});

const keptFor = (now: Date, days: number): number => Math.floor(now.getTime() / 1000) + days * DAY_SECONDS;

async function replaceHour(
  usage: Table,
  at: MeteredHour,
  counted: number,
  { now, hand }: { readonly now: Date; readonly hand: boolean },
): Promise<void> {
  const { tenantId, meter, hour } = at;
  const keys = { hour: usageKeys.hour(tenantId, meter, hour), total: usageKeys.total(tenantId, meter) };
  const held: HourRow = (await find(usage, keys.hour, hourSchema)) ?? nothing;
  const total = (await find(usage, keys.total, totalSchema)) ?? nothing;

  const steps = Math.max(held.steps, counted);
  const toHand = hand && meters[meter].reported ? steps - held.handedSteps : 0;
  if (steps === held.steps && toHand === 0) return;
  const revision = held.revision + 1;
  const handedSteps = total.handedSteps + toHand;
  const handedUnits = wholeUnitsOf(meter, handedSteps);
  const units = handedUnits - total.handedUnits;

  const replace = (key: object, row: object, before: number) => ({
    Put: {
      TableName: usage.name,
      Item: { ...key, ...row },
      ConditionExpression: before === 0 ? 'attribute_not_exists(pk)' : 'revision = :before',
      ...(before === 0 ? {} : { ExpressionAttributeValues: { ':before': before } }),
    },
  });
  const newHour = {
    steps,
    revision,
    handedSteps: held.handedSteps + toHand,
    expiresAt: keptFor(now, HOURS_KEPT_DAYS),
  };
  const newTotal = {
    steps: total.steps + steps - held.steps,
    revision: total.revision + 1,
    handedSteps,
    handedUnits,
  };
  await unlessOvertaken(usage, [
    whileDue(usage, at),
    replace(keys.hour, newHour, held.revision),
    replace(keys.total, newTotal, total.revision),
    ...(units > 0 ? [{ Put: { TableName: usage.name, Item: reportItem({ ...at, revision, units, now }) } }] : []),
  ]);
}

/** The sum of a day's hours. The hours' revisions only grow, so their sum tells which of two sums is the newer one. */
async function replaceDay(usage: Table, at: MeteredHour, now: Date): Promise<void> {
  const { tenantId, meter } = at;
  const day: Day = dayOf(at.hour);
  const { pk, sk } = usageKeys.hour(tenantId, meter, day);
  const { Items = [] } = await usage.client.send(
    new QueryCommand({
      TableName: usage.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
      ConsistentRead: true,
    }),
  );
  const hours = z.array(hourSchema).parse(Items);
  const sum = (field: 'steps' | 'revision') => hours.reduce((total, hour) => total + hour[field], 0);
  const key = usageKeys.day(tenantId, meter, day);
  await unlessOvertaken(usage, [
    whileDue(usage, at),
    {
      Put: {
        TableName: usage.name,
        Item: { ...key, steps: sum('steps'), revision: sum('revision'), expiresAt: keptFor(now, DAYS_KEPT_DAYS) },
        ConditionExpression: 'attribute_not_exists(pk) OR revision <= :revision',
        ExpressionAttributeValues: { ':revision': sum('revision') },
      },
    },
  ]);
}

/** Somebody else who counts the same at the same time, or an erasure, wins; what is left to do stays due. */
async function unlessOvertaken(
  usage: Table,
  TransactItems: ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems'],
): Promise<void> {
  try {
    await usage.client.send(new TransactWriteCommand({ TransactItems }));
  } catch (error) {
    const codes = cancellationCodes(error);
    if (!codes?.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')) throw error;
    throw new Overtaken('The hour was counted by somebody else at the same time.', { cause: error });
  }
}

/** Nothing is lost: the hour stays due. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Takes the mark away, unless there is something new since it was read. */
async function settle(usage: Table, { tenantId, meter, hour }: MeteredHour, version: number): Promise<boolean> {
  try {
    await usage.client.send(
      new DeleteCommand({
        TableName: usage.name,
        Key: usageKeys.due(tenantId, meter, hour),
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: { ':version': version },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}
