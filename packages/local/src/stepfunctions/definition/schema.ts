/**
 * The shape of the Amazon States Language that is run here: all of its state types, in JSONata. Every object is strict,
 * so that a field which would not be honoured is refused when the machine is made.
 */

import * as z from 'zod';
import { EXPRESSION_PATTERN } from '../expression/template.ts';
import type { Json } from '../json.ts';

const SECONDS_MAX = 99_999_999;

const json = z.custom<Json>((value) => value !== undefined, 'must be a JSON value');
const payload = json.optional();
const expression = z.string().regex(EXPRESSION_PATTERN, 'must be a JSONata expression between {% and %}');
const seconds = (min: number) => z.number().int().min(min).max(SECONDS_MAX);
const secondsOrExpression = (min: number) => z.union([seconds(min), expression]);
const stateName = z.string().min(1).max(80);

const assign = z.record(z.string().min(1).max(80), json).optional();
const errorNames = z.array(z.string().min(1)).min(1);

const retrier = z.strictObject({
  ErrorEquals: errorNames,
  IntervalSeconds: seconds(1).optional(),
  MaxAttempts: z.number().int().min(0).max(SECONDS_MAX).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.number().int().min(1).max(31_622_399).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
  Comment: z.string().optional(),
});

const catcher = z.strictObject({
  ErrorEquals: errorNames,
  Next: stateName,
  Assign: assign,
  Output: payload,
  Comment: z.string().optional(),
});

const common = { Comment: z.string().optional(), QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional() };
const transition = { Next: stateName.optional(), End: z.literal(true).optional() };
const data = { Assign: assign, Output: payload };
const recovery = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };

const task = z.strictObject({
  Type: z.literal('Task'),
  Resource: z.string().min(1),
  Arguments: payload,
  TimeoutSeconds: secondsOrExpression(1).optional(),
  HeartbeatSeconds: secondsOrExpression(1).optional(),
  ...common,
  ...transition,
  ...data,
  ...recovery,
});

const pass = z.strictObject({ Type: z.literal('Pass'), ...common, ...transition, ...data });

const choiceRule = z.strictObject({
  Condition: expression,
  Next: stateName,
  Assign: assign,
  Output: payload,
  Comment: z.string().optional(),
});

const choice = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z.array(choiceRule).min(1),
  Default: stateName.optional(),
  ...common,
  ...data,
});

const wait = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: secondsOrExpression(0).optional(),
  Timestamp: z.string().min(1).optional(),
  ...common,
  ...transition,
  ...data,
});

const succeed = z.strictObject({ Type: z.literal('Succeed'), ...common, Output: payload });

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ...common,
});

const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  get Branches() {
    return z.array(workflow).min(1);
  },
  Arguments: payload,
  ...common,
  ...transition,
  ...data,
  ...recovery,
});

const map = z.strictObject({
  Type: z.literal('Map'),
  Items: z.union([z.array(json), expression]).optional(),
  ItemSelector: payload,
  MaxConcurrency: z.union([z.number().int().min(0), expression]).optional(),
  get ItemProcessor() {
    return itemProcessor;
  },
  ...common,
  ...transition,
  ...data,
  ...recovery,
});

/** One graph of states: the machine itself, a branch of a Parallel or the processor of a Map. */
export interface Workflow {
  readonly Comment?: string | undefined;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type TaskState = z.infer<typeof task>;
export type PassState = z.infer<typeof pass>;
export type ChoiceState = z.infer<typeof choice>;
export type ChoiceRule = z.infer<typeof choiceRule>;
export type WaitState = z.infer<typeof wait>;
export type SucceedState = z.infer<typeof succeed>;
export type FailState = z.infer<typeof fail>;
type Composite<Shape> = Omit<z.infer<typeof pass>, 'Type'> & Pick<TaskState, 'Arguments' | 'Retry' | 'Catch'> & Shape;
export type ParallelState = Composite<{ readonly Type: 'Parallel'; readonly Branches: readonly Workflow[] }>;
export type MapState = Omit<
  Composite<{
    readonly Type: 'Map';
    readonly Items?: readonly Json[] | string | undefined;
    readonly ItemSelector?: Json | undefined;
    readonly MaxConcurrency?: number | string | undefined;
    readonly ItemProcessor: Workflow;
  }>,
  'Arguments'
>;
export type State =
  | TaskState
  | PassState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;
export type StateType = State['Type'];
export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;

const states: z.ZodType<Readonly<Record<string, State>>> = z.lazy(() =>
  z
    .record(stateName, z.discriminatedUnion('Type', [task, pass, choice, wait, succeed, fail, parallel, map]))
    .refine((all) => Object.keys(all).length > 0, 'must not be empty'),
);

const workflowFields = { Comment: z.string().optional(), StartAt: stateName, States: states };
const workflow: z.ZodType<Workflow> = z.strictObject(workflowFields);
const itemProcessor: z.ZodType<Workflow> = z.strictObject({
  ...workflowFields,
  ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional(),
});

/** A whole definition as it is given to `CreateStateMachine`. */
export interface Definition extends Workflow {
  readonly Version?: '1.0' | undefined;
  readonly QueryLanguage?: 'JSONata' | 'JSONPath' | undefined;
  /** How long an execution may take; 99999999 when absent. */
  readonly TimeoutSeconds?: number | undefined;
}

export const definitionSchema: z.ZodType<Definition> = z.strictObject({
  ...workflowFields,
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  TimeoutSeconds: seconds(1).optional(),
});
