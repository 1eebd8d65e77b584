import * as z from 'zod';
import type { AwsRequest, IamRequirement, Operation } from '../../aws/engine.ts';
import { AwsError } from '../../aws/engine.ts';
import { type FunctionRunner, functionArn, parseFunctionName } from '../runner.ts';
import {
  createMappingSchema,
  type EventSourceMapping,
  invalid,
  settingsFor,
  sourceKind,
  updateMappingSchema,
} from './mapping.ts';
import type { MappingStore } from './mapping-store.ts';

export interface MappingOperationsContext {
  readonly store: MappingStore;
  readonly runner: FunctionRunner;
  readonly accountId: string;
  readonly region: string;
  /** Told after every change. */
  readonly changed: () => void;
}

const PATH = /^\/2015-03-31\/event-source-mappings\/?([0-9a-f-]{36})?$/;
const LIST_MAX = 100;

/** The operation behind a request of the event-source-mapping paths, or undefined for another path. */
export function prepareMappingOperation(request: AwsRequest, context: MappingOperationsContext): Operation | undefined {
  const match = PATH.exec(request.path);
  if (match === null) return undefined;
  const uuid = match[1];
  const kind = `${request.method} ${uuid === undefined ? 'all' : 'one'}`;
  if (kind === 'POST all') return prepareCreate(request, context);
  if (kind === 'GET all') return prepareList(request, context);
  if (uuid === undefined) return undefined;
  if (kind === 'GET one') {
    const requires = [mappingRequirement('GetEventSourceMapping', uuid, context)];
    return {
      name: 'GetEventSourceMapping',
      requires,
      run: async () => ({ body: describe(context.store.get(uuid), context) }),
    };
  }
  if (kind === 'PUT one') return prepareUpdate(uuid, request, context);
  if (kind === 'DELETE one') {
    return {
      name: 'DeleteEventSourceMapping',
      requires: [mappingRequirement('DeleteEventSourceMapping', uuid, context)],
      run: async () => {
        const mapping = context.store.get(uuid);
        context.store.remove(uuid);
        context.changed();
        return { status: 202, body: { ...describe(mapping, context), State: 'Deleting' } };
      },
    };
  }
  return undefined;
}

function prepareCreate(request: AwsRequest, context: MappingOperationsContext): Operation {
  const { store, runner, accountId, region, changed } = context;
  const { FunctionName, EventSourceArn, ...asked } = parseBody(createMappingSchema, request.body);
  const { name } = parseFunctionName(FunctionName, accountId, region);
  const settings = settingsFor(sourceKind(EventSourceArn), asked);
  return {
    name: 'CreateEventSourceMapping',
    // The action has no resource; which function may be wired is said by the condition key alone.
    requires: [
      {
        action: 'lambda:CreateEventSourceMapping',
        resource: '*',
        context: { 'lambda:FunctionArn': [functionArn(name, accountId, region)] },
      },
    ],
    run: async () => {
      const spec = runner.find(FunctionName);
      const input = { functionName: spec.name, eventSourceArn: EventSourceArn, settings, declared: false };
      const mapping = store.create(input);
      changed();
      return { status: 202, body: { ...describe(mapping, context), State: 'Creating' } };
    },
  };
}

function prepareUpdate(uuid: string, request: AwsRequest, context: MappingOperationsContext): Operation {
  const { store, runner, changed } = context;
  const { FunctionName, ...asked } = parseBody(updateMappingSchema, request.body);
  return {
    name: 'UpdateEventSourceMapping',
    requires: [mappingRequirement('UpdateEventSourceMapping', uuid, context)],
    run: async () => {
      const current = store.get(uuid);
      const spec = runner.find(FunctionName ?? current.functionName);
      const settings = settingsFor(sourceKind(current.eventSourceArn), { ...current.settings, ...asked });
      const mapping = store.update(uuid, { functionName: spec.name, settings });
      changed();
      return { status: 202, body: { ...describe(mapping, context), State: 'Updating' } };
    },
  };
}

function prepareList(request: AwsRequest, context: MappingOperationsContext): Operation {
  const { query } = request;
  const known = new Set(['FunctionName', 'EventSourceArn', 'MaxItems', 'Marker']);
  for (const name of query.keys()) if (!known.has(name)) throw invalid(`Unknown query parameter: ${name}`);
  const limit = Number(query.get('MaxItems') ?? LIST_MAX);
  const start = Number(query.get('Marker') ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(start) || start < 0) throw invalid('Invalid paging.');
  return {
    name: 'ListEventSourceMappings',
    requires: [{ action: 'lambda:ListEventSourceMappings', resource: '*' }],
    run: async () => {
      const asked = query.get('FunctionName');
      const name = asked === null ? undefined : parseFunctionName(asked, context.accountId, context.region).name;
      const source = query.get('EventSourceArn');
      const all = context.store
        .list()
        .filter((mapping) => name === undefined || mapping.functionName === name)
        .filter((mapping) => source === null || mapping.eventSourceArn === source);
      const end = start + Math.min(limit, LIST_MAX);
      const EventSourceMappings = all.slice(start, end).map((mapping) => describe(mapping, context));
      return { body: { EventSourceMappings, ...(end < all.length ? { NextMarker: String(end) } : {}) } };
    },
  };
}

function mappingRequirement(operation: string, uuid: string, context: MappingOperationsContext): IamRequirement {
  const { store, accountId, region } = context;
  const mapping = store.list().find((one) => one.uuid === uuid);
  const resource = `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`;
  const requirement = { action: `lambda:${operation}`, resource };
  if (mapping === undefined) return requirement;
  return { ...requirement, context: { 'lambda:FunctionArn': [functionArn(mapping.functionName, accountId, region)] } };
}

function describe(mapping: EventSourceMapping, { accountId, region }: MappingOperationsContext): object {
  const { Enabled, ...settings } = mapping.settings;
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${mapping.uuid}`,
    EventSourceArn: mapping.eventSourceArn,
    FunctionArn: functionArn(mapping.functionName, accountId, region),
    ...settings,
    LastModified: mapping.lastModified / 1000,
    LastProcessingResult: mapping.lastProcessingResult,
    State: Enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
  };
}

function parseBody<T>(schema: z.ZodType<T>, body: Buffer): T {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.', 400, {
      Type: 'User',
    });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  return parsed.data;
}
