/**
 * The few states of the Amazon States Language that the definitions are built from, in JSONata.
 * See https://states-language.net and AWS's documentation of JSONata in Step Functions.
 */

export interface RetryPolicy {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: Readonly<Record<string, unknown>>;
}

export interface StateMachineDefinition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, object>>;
}

/** The name of errors after which a task may simply be run again. Tasks throw `RetryableError`; the rest is Lambda's own. */
export const retryableErrors = [
  'RetryableError',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'States.Timeout',
  'Sandbox.Timedout',
  // The process ended without an answer, whatever it had done by then.
  'Lambda.Unknown',
  'Runtime.ExitError',
] as const;

export const retryPolicy: RetryPolicy = {
  ErrorEquals: retryableErrors,
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 4,
  MaxDelaySeconds: 30,
  JitterStrategy: 'FULL',
};

/** Of a task that nothing catches: what it was to say would be lost, so that it is tried again whatever went wrong. */
const lastResort: RetryPolicy = { ...retryPolicy, ErrorEquals: ['States.ALL'], MaxAttempts: 8 };

/** A Lambda task whose payload is the state's arguments and whose output is what the function returned. */
export function lambdaTask(options: {
  readonly functionArn: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly timeoutSeconds: number;
  readonly catch?: readonly Catcher[];
  readonly assign?: Readonly<Record<string, unknown>>;
  readonly next: string;
}): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: options.functionArn, Payload: options.payload },
    Output: '{% $states.result.Payload %}',
    ...(options.assign ? { Assign: options.assign } : {}),
    TimeoutSeconds: options.timeoutSeconds,
    Retry: [options.catch ? retryPolicy : lastResort],
    ...(options.catch ? { Catch: options.catch } : {}),
    Next: options.next,
  };
}

/**
 * Asks a task again and again until its answer says `ready: true`. The waiting is the state machine's, with back-off
 * from one second, and costs nothing; after `attemptsMax` it goes to `exhausted`.
 */
export function pollUntilReady(options: {
  readonly name: string;
  readonly task: (next: string, assign: Readonly<Record<string, unknown>>) => object;
  readonly attemptsMax: number;
  readonly waitSecondsMax: number;
  readonly next: string;
  readonly exhausted: string;
}): Record<string, object> {
  const { name } = options;
  return {
    [name]: options.task(`${name}Ready`, {
      ready: '{% $states.result.Payload.ready %}',
      polls: '{% $polls + 1 %}',
      failure: {
        Error: `${name}TimedOut`,
        Cause: '{% $states.result.Payload.reason ? $states.result.Payload.reason : "not ready in time" %}',
      },
    }),
    [`${name}Ready`]: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $ready %}', Assign: { polls: 0 }, Next: options.next },
        { Condition: `{% $polls >= ${options.attemptsMax} %}`, Next: options.exhausted },
      ],
      Default: `${name}Wait`,
    },
    [`${name}Wait`]: {
      Type: 'Wait',
      Seconds: `{% $min([${options.waitSecondsMax}, $power(2, $polls - 1)]) %}`,
      Next: name,
    },
  };
}

/**
 * Asks a task for one slice of its work after the other, until its answer says `done: true`. What a slice hands on to the next is kept
 * in variables of the machine, so that a slice that is repeated begins at the same place.
 */
export function workInSlices(options: {
  readonly name: string;
  /** The variables and what they hold before the first slice; each slice is given them and answers with all of them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly task: (
    next: string,
    slice: { readonly payload: Readonly<Record<string, string>>; readonly assign: Readonly<Record<string, string>> },
  ) => object;
  readonly next: string;
}): Record<string, object> {
  const { name, variables, next } = options;
  const names = Object.keys(variables);
  const payload = Object.fromEntries(names.map((variable) => [variable, `{% $${variable} %}`]));
  const assign = Object.fromEntries(
    ['done', ...names].map((variable) => [variable, `{% $states.result.Payload.${variable} %}`]),
  );
  return {
    [`${name}Start`]: { Type: 'Pass', Assign: variables, Next: name },
    [name]: options.task(`${name}Next`, { payload, assign }),
    [`${name}Next`]: { Type: 'Choice', Choices: [{ Condition: '{% $done %}', Next: next }], Default: name },
  };
}
