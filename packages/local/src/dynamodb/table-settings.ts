import { AwsError } from '../aws/engine.ts';
import type { Context, Prepare } from './context.ts';
import { validationError } from './errors.ts';
import { tableArn } from './requirement.ts';
import type { Table } from './table.ts';
import { continuousBackupsJson } from './table-description.ts';
import {
  listTagsOfResource,
  namedTable,
  noParameters,
  tagResource,
  untagResource,
  updateContinuousBackups,
  updateTimeToLive,
} from './table-request.ts';

const TAGS_MAX = 50;

export function setTimeToLive(context: Context, table: Table, attribute: string | undefined): Table {
  return context.store.transaction(() => {
    const { ttlAttribute: _previous, ...rest } = table;
    const changed = context.catalogue.update(attribute === undefined ? rest : { ...rest, ttlAttribute: attribute });
    context.items.refreshExpiry(changed);
    return changed;
  });
}

export function setPointInTimeRecovery(context: Context, table: Table, days: number | undefined): Table {
  const { pointInTimeRecovery: previous, ...rest } = table;
  if (days === undefined) return context.store.transaction(() => context.catalogue.update(rest));
  const pointInTimeRecovery = { days, enabledAt: previous?.enabledAt ?? context.now() };
  return context.store.transaction(() => context.catalogue.update({ ...rest, pointInTimeRecovery }));
}

export const prepareUpdateTimeToLive: Prepare = (context, body) => {
  const { TableName: name, TimeToLiveSpecification: specification } = updateTimeToLive(body, '');
  return {
    requires: [{ action: 'dynamodb:UpdateTimeToLive', resource: tableArn(context, name) }],
    run: () => {
      const table = context.catalogue.need(name);
      if (specification.Enabled === (table.ttlAttribute !== undefined)) {
        throw validationError(`TimeToLive is already ${specification.Enabled ? 'enabled' : 'disabled'}`);
      }
      if (!specification.Enabled && table.ttlAttribute !== specification.AttributeName) {
        throw validationError(
          `TimeToLive is active on a different AttributeName: current AttributeName is ${table.ttlAttribute}`,
        );
      }
      setTimeToLive(context, table, specification.Enabled ? specification.AttributeName : undefined);
      return { TimeToLiveSpecification: specification };
    },
  };
};

export const prepareDescribeTimeToLive: Prepare = (context, body) => {
  const { TableName: name } = namedTable(body, '');
  return {
    requires: [{ action: 'dynamodb:DescribeTimeToLive', resource: tableArn(context, name) }],
    run: () => {
      const { ttlAttribute } = context.catalogue.need(name);
      return {
        TimeToLiveDescription:
          ttlAttribute === undefined
            ? { TimeToLiveStatus: 'DISABLED' }
            : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
      };
    },
  };
};

export const prepareUpdateContinuousBackups: Prepare = (context, body) => {
  const { TableName: name, PointInTimeRecoverySpecification: specification } = updateContinuousBackups(body, '');
  return {
    requires: [{ action: 'dynamodb:UpdateContinuousBackups', resource: tableArn(context, name) }],
    run: () => {
      const days = specification.PointInTimeRecoveryEnabled ? (specification.RecoveryPeriodInDays ?? 35) : undefined;
      return continuousBackupsJson(setPointInTimeRecovery(context, context.catalogue.need(name), days), context.now());
    },
  };
};

export const prepareDescribeContinuousBackups: Prepare = (context, body) => {
  const { TableName: name } = namedTable(body, '');
  return {
    requires: [{ action: 'dynamodb:DescribeContinuousBackups', resource: tableArn(context, name) }],
    run: () => continuousBackupsJson(context.catalogue.need(name), context.now()),
  };
};

/** @throws {AwsError} `ResourceNotFoundException` */
function taggedTable(context: Context, arn: string): Table {
  const table = context.catalogue.all().find((candidate) => candidate.arn === arn);
  if (!table) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
  }
  return table;
}

function retag(context: Context, arn: string, change: (tags: Map<string, string>) => void): object {
  return context.store.transaction(() => {
    const table = taggedTable(context, arn);
    const tags = new Map(Object.entries(table.tags));
    change(tags);
    if (tags.size > TAGS_MAX) throw new AwsError('LimitExceededException', 'Too many tags: at most 50 per resource');
    context.catalogue.update({ ...table, tags: Object.fromEntries(tags) });
    return {};
  });
}

export const prepareTagResource: Prepare = (context, body) => {
  const { ResourceArn: arn, Tags } = tagResource(body, '');
  return {
    requires: [{ action: 'dynamodb:TagResource', resource: arn }],
    run: () =>
      retag(context, arn, (tags) => {
        for (const { Key, Value } of Tags) tags.set(Key, Value);
      }),
  };
};

export const prepareUntagResource: Prepare = (context, body) => {
  const { ResourceArn: arn, TagKeys } = untagResource(body, '');
  return {
    requires: [{ action: 'dynamodb:UntagResource', resource: arn }],
    run: () =>
      retag(context, arn, (tags) => {
        for (const key of TagKeys) tags.delete(key);
      }),
  };
};

export const prepareListTagsOfResource: Prepare = (context, body) => {
  const { ResourceArn: arn } = listTagsOfResource(body, '');
  return {
    requires: [{ action: 'dynamodb:ListTagsOfResource', resource: arn }],
    run: () => ({ Tags: Object.entries(taggedTable(context, arn).tags).map(([Key, Value]) => ({ Key, Value })) }),
  };
};

/** The account's default quotas. */
export const prepareDescribeLimits: Prepare = (_context, body) => {
  noParameters(body, '');
  return {
    requires: [{ action: 'dynamodb:DescribeLimits', resource: '*' }],
    run: () => ({
      AccountMaxReadCapacityUnits: 80_000,
      AccountMaxWriteCapacityUnits: 80_000,
      TableMaxReadCapacityUnits: 40_000,
      TableMaxWriteCapacityUnits: 40_000,
    }),
  };
};
