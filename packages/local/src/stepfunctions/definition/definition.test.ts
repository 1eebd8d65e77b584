import { describe, expect, test } from 'vitest';
import { machineOf, task } from '../testing/play.ts';
import { diagnose, parseDefinition } from './definition.ts';

const pass = (more: object = {}): object => ({ Type: 'Pass', End: true, ...more });
const inner = { StartAt: 'X', States: { X: pass() } };
const invoke = (more: object): object =>
  task({ Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f' }, ...more });

const refused: readonly (readonly [what: string, definition: unknown, location: string])[] = [
  ['a state type that does not exist', machineOf({ A: { Type: 'Tusk', End: true } }), '/States/A/Type'],
  ['a field that does not exist', machineOf({ A: pass({ Colour: 'red' }) }), '/States/A'],
  ['a field of JSONPath', machineOf({ A: pass({ InputPath: '$.x' }) }), '/States/A'],
  ['JSONPath by default', { StartAt: 'A', States: { A: pass() } }, '/States/A'],
  ['JSONPath in one state', machineOf({ A: pass({ QueryLanguage: 'JSONPath' }) }), '/States/A'],
  ['a top-level field that does not exist', machineOf({ A: pass() }, { Timeout: 3 }), '/'],
  ['no states', { QueryLanguage: 'JSONata', StartAt: 'A', States: {} }, '/States'],
  ['a start that does not exist', machineOf({ A: pass() }, { StartAt: 'B' }), '/StartAt'],
  ['a Next that does not exist', machineOf({ A: { Type: 'Pass', Next: 'B' } }), '/States/A/Next'],
  ['a state that is never reached', machineOf({ A: pass(), B: pass() }), '/States/B'],
  ['neither Next nor End', machineOf({ A: { Type: 'Pass' } }), '/States/A'],
  ['both Next and End', machineOf({ A: pass({ Next: 'A' }) }), '/States/A'],
  ['End that is false', machineOf({ A: { Type: 'Pass', End: false } }), '/States/A/End'],
  [
    'a Next out of a Map',
    machineOf({
      A: { Type: 'Map', ItemProcessor: { StartAt: 'X', States: { X: { Type: 'Pass', Next: 'B' } } }, Next: 'B' },
      B: pass(),
    }),
    '/States/A/ItemProcessor/States/X/Next',
  ],
  [
    'one name twice',
    machineOf({ X: { Type: 'Map', ItemProcessor: inner, End: true } }),
    '/States/X/ItemProcessor/States/X',
  ],
  [
    'a distributed Map',
    machineOf({ A: { Type: 'Map', ItemProcessor: { ...inner, ProcessorConfig: { Mode: 'DISTRIBUTED' } }, End: true } }),
    '/States/A/ItemProcessor/ProcessorConfig/Mode',
  ],
  ['a Choice without rules', machineOf({ A: { Type: 'Choice', Choices: [] } }), '/States/A/Choices'],
  [
    'a catcher to nowhere',
    machineOf({ A: task({ Catch: [{ ErrorEquals: ['E'], Next: 'B' }] }) }),
    '/States/A/Catch/0/Next',
  ],
  [
    'States.ALL before another',
    machineOf({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }) }),
    '/States/A/Retry/0/ErrorEquals',
  ],
  [
    'States.ALL beside another',
    machineOf({ A: task({ Retry: [{ ErrorEquals: ['E', 'States.ALL'] }] }) }),
    '/States/A/Retry/0/ErrorEquals',
  ],
  [
    'a reserved error that cannot happen',
    machineOf({ A: task({ Retry: [{ ErrorEquals: ['States.Oops'] }] }) }),
    '/States/A/Retry/0/ErrorEquals',
  ],
  [
    'a back-off that shrinks',
    machineOf({ A: task({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }] }) }),
    '/States/A/Retry/0/BackoffRate',
  ],
  ['a Retry in a Wait', machineOf({ A: { Type: 'Wait', Seconds: 1, Retry: [], End: true } }), '/States/A'],
  ['a Wait without a time', machineOf({ A: { Type: 'Wait', End: true } }), '/States/A'],
  [
    'a Wait with two times',
    machineOf({ A: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } }),
    '/States/A',
  ],
  ['Assign in a Succeed', machineOf({ A: { Type: 'Succeed', Assign: { x: 1 } } }), '/States/A'],
  [
    'a resource that cannot be called',
    machineOf({ A: task({ Resource: 'arn:aws:states:::sns:publish' }) }),
    '/States/A/Resource',
  ],
  [
    'an action that cannot be called',
    machineOf({ A: task({ Resource: 'arn:aws:states:::aws-sdk:dynamodb:scan' }) }),
    '/States/A/Resource',
  ],
  [
    'a pattern that a service has not',
    machineOf({ A: task({ Resource: 'arn:aws:states:::dynamodb:putItem.waitForTaskToken' }) }),
    '/States/A/Resource',
  ],
  ['a heartbeat without a token', machineOf({ A: invoke({ HeartbeatSeconds: 5 }) }), '/States/A/HeartbeatSeconds'],
  [
    'a heartbeat longer than the time-out',
    machineOf({
      A: invoke({
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        HeartbeatSeconds: 5,
        TimeoutSeconds: 5,
      }),
    }),
    '/States/A/HeartbeatSeconds',
  ],
  ['credentials of another role', machineOf({ A: invoke({ Credentials: { RoleArn: 'arn' } }) }), '/States/A'],
  [
    'an expression with a fault',
    machineOf({ A: pass({ Output: { deep: ['{% 1 + %}'] } }) }),
    '/States/A/Output/deep/0',
  ],
  ['an expression that is not closed', machineOf({ A: pass({ Output: '{% 1' }) }), '/States/A/Output'],
  ['an expression that is not opened', machineOf({ A: pass({ Assign: { x: ' {% 1 %}' } }) }), '/States/A/Assign/x'],
  ['$eval', machineOf({ A: pass({ Output: '{% $eval("1") %}' }) }), '/States/A/Output'],
  [
    'a faulty expression in a rule',
    machineOf({ A: { Type: 'Choice', Choices: [{ Condition: '{% ) %}', Next: 'B' }] }, B: pass() }),
    '/States/A/Choices/0/Condition',
  ],
  [
    'a faulty expression in a catcher',
    machineOf({ A: task({ Catch: [{ ErrorEquals: ['E'], Output: '{% ) %}', Next: 'B' }] }), B: pass() }),
    '/States/A/Catch/0/Output',
  ],
  ['a variable named $states', machineOf({ A: pass({ Assign: { states: 1 } }) }), '/States/A/Assign/states'],
  ['a variable that JSONata cannot name', machineOf({ A: pass({ Assign: { 'a-b': 1 } }) }), '/States/A/Assign/a-b'],
  [
    'an inner workflow that assigns an outer variable',
    machineOf({
      A: pass({ Assign: { v: 1 }, Next: 'B', End: undefined }),
      B: { Type: 'Map', ItemProcessor: { StartAt: 'X', States: { X: pass({ Assign: { v: 2 } }) } }, End: true },
    }),
    '/States/B/ItemProcessor/States/X/Assign/v',
  ],
];

describe('a definition is refused for', () => {
  test.each(refused)('%s', (_what, definition, location) => {
    const result = diagnose(JSON.stringify(definition));
    expect('diagnostics' in result ? result.diagnostics.map((one) => one.location) : []).toContain(location);
  });

  test.each(['', '[]', '"x"', '{"StartAt":', 'null'])('the text %j', (text) => {
    expect(() => parseDefinition(text)).toThrow(expect.objectContaining({ code: 'InvalidDefinition' }));
  });

  test('more than a megabyte', () => {
    const definition = machineOf({ A: pass({ Comment: 'x'.repeat(1_048_576) }) });
    expect(() => parseDefinition(JSON.stringify(definition))).toThrow(/bytes/);
  });
});

test('every fault is named at once, with its place', () => {
  const definition = machineOf({ A: pass({ Next: 'A', Output: '{% ( %}' }) });
  expect(() => parseDefinition(JSON.stringify(definition))).toThrow(/at \/States\/A, .* at \/States\/A\/Output'$/);
});

test('user data may be called like fields of the language', () => {
  const definition = machineOf({ A: pass({ Output: { Type: '{% 1 %}', Comment: '{% 2 %}', Next: 'x' } }) });
  expect(diagnose(JSON.stringify(definition))).toHaveProperty('definition');
});

test.each([
  'arn:aws:lambda:us-east-1:000000000000:function:f',
  'arn:aws:lambda:us-east-1:000000000000:function:f:live',
  'arn:aws:states:::lambda:invoke',
  'arn:aws:states:::lambda:invoke.waitForTaskToken',
  'arn:aws:states:::dynamodb:updateItem',
  'arn:aws:states:::aws-sdk:dynamodb:query',
  'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  'arn:aws:states:::events:putEvents',
  'arn:aws:states:::states:startExecution.sync:2',
  'arn:aws:states:::aws-sdk:sfn:startExecution',
])('%s can be called', (Resource) => {
  expect(diagnose(JSON.stringify(machineOf({ A: task({ Resource }) })))).toHaveProperty('definition');
});
