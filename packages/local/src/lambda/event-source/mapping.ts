import * as z from 'zod';
import { AwsError } from '../../aws/engine.ts';
import { eventFilterSchema } from './event-filter.ts';

/** What reads an event source and invokes a function with batches of it. */
export interface EventSourceMapping {
  readonly uuid: string;
  readonly functionName: string;
  readonly eventSourceArn: string;
  readonly settings: MappingSettings;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  /** `No records processed`, `OK`, or `PROBLEM: …`. */
  readonly lastProcessingResult: string;
}

const functionResponseTypes = z.array(z.enum(['ReportBatchItemFailures'])).max(1);
const destinationConfig = z.strictObject({
  OnFailure: z.strictObject({ Destination: z.string().startsWith('arn:aws:sqs:').max(350) }).optional(),
});

/** The members that can be changed afterwards. */
const changeable = {
  Enabled: z.boolean(),
  BatchSize: z.int().min(1).max(10_000),
  MaximumBatchingWindowInSeconds: z.int().min(0).max(300),
  FunctionResponseTypes: functionResponseTypes,
  FilterCriteria: z.strictObject({
    Filters: z
      .array(z.strictObject({ Pattern: eventFilterSchema }))
      .max(5)
      .optional(),
  }),
  BisectBatchOnFunctionError: z.boolean(),
  MaximumRetryAttempts: z.int().min(-1).max(10_000),
  MaximumRecordAgeInSeconds: z.int().min(-1).max(604_800),
  DestinationConfig: destinationConfig,
  /** Taken and given back; records are handled one batch after another whatever it says. */
  ParallelizationFactor: z.int().min(1).max(10),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().min(2).max(1000).optional() }),
};

const queueDefaults = { Enabled: true, BatchSize: 10, MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] };
const streamDefaults = {
  ...queueDefaults,
  BatchSize: 100,
  BisectBatchOnFunctionError: false,
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: -1,
  ParallelizationFactor: 1,
  DestinationConfig: {},
};

export const mappingSettingsSchema = z.strictObject({
  ...changeable,
  BisectBatchOnFunctionError: changeable.BisectBatchOnFunctionError.optional(),
  MaximumRetryAttempts: changeable.MaximumRetryAttempts.optional(),
  MaximumRecordAgeInSeconds: changeable.MaximumRecordAgeInSeconds.optional(),
  DestinationConfig: changeable.DestinationConfig.optional(),
  ParallelizationFactor: changeable.ParallelizationFactor.optional(),
  ScalingConfig: changeable.ScalingConfig.optional(),
  FilterCriteria: changeable.FilterCriteria.optional(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
});
export type MappingSettings = z.infer<typeof mappingSettingsSchema>;

export const createMappingSchema = z.strictObject({
  FunctionName: z.string().min(1).max(140),
  EventSourceArn: z.string().min(1).max(1024),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  ...z.strictObject(changeable).partial().shape,
});
export type CreateMapping = z.infer<typeof createMappingSchema>;

export const updateMappingSchema = z.strictObject({
  FunctionName: z.string().min(1).max(140).optional(),
  ...z.strictObject(changeable).partial().shape,
});

export type SourceKind = 'queue' | 'stream';

/** @throws {AwsError} when it is neither a queue nor a table's stream. */
export function sourceKind(eventSourceArn: string): SourceKind {
  if (/^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,75}(\.fifo)?$/.test(eventSourceArn)) return 'queue';
  if (/^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]+\/stream\/[^/]+$/.test(eventSourceArn))
    return 'stream';
  throw invalid(`Unrecognized event source, must be sqs or a dynamodb stream: ${eventSourceArn.slice(0, 200)}`);
}

const streamOnly = [
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'ParallelizationFactor',
  'DestinationConfig',
  'StartingPosition',
] as const;

/**
 * The settings of a mapping: what was asked over what its kind has by default.
 * @throws {AwsError} `InvalidParameterValueException` for a setting that this kind of source does not have.
 */
export function settingsFor(kind: SourceKind, asked: Record<string, unknown>): MappingSettings {
  const defaults = kind === 'queue' ? queueDefaults : streamDefaults;
  const parsed = mappingSettingsSchema.safeParse({ ...defaults, ...asked });
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const settings = parsed.data;
  if (kind === 'stream') {
    if (settings.StartingPosition === undefined)
      throw invalid('1 validation error detected: StartingPosition is required.');
    if (settings.ScalingConfig !== undefined) throw invalid('Unsupported parameter for stream sources: ScalingConfig');
    return settings;
  }
  const foreign = streamOnly.find((name) => settings[name] !== undefined);
  if (foreign !== undefined) throw invalid(`Unsupported parameter for given event source mapping type: ${foreign}`);
  if (settings.BatchSize > 10 && settings.MaximumBatchingWindowInSeconds === 0) {
    throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
  return settings;
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
