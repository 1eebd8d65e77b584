import { resourcesOfType } from '../../program/graph.ts';
import type { Rule } from '../lint.ts';

export const logRetention: Rule = {
  name: 'log-retention',
  refuses: 'Logs are kept for a time that somebody chose, and nothing runs without one.',
  check({ graph }) {
    const groups = resourcesOfType(graph, 'aws:cloudwatch/logGroup:LogGroup');
    const endless = groups
      .filter(({ inputs }) => !(Number(inputs.retentionInDays) > 0))
      .map(({ name }) => ({ resource: name, problem: 'kept for ever: set retentionInDays' }));
    const names = new Set(groups.map(({ inputs }) => inputs.name));
    const functions = resourcesOfType(graph, 'aws:lambda/function:Function')
      .filter(({ inputs }) => !names.has((inputs.loggingConfig as { logGroup?: unknown } | undefined)?.logGroup))
      .map(({ name }) => ({ resource: name, problem: 'writes to a log group that is not of this program' }));
    const machines = resourcesOfType(graph, 'aws:sfn/stateMachine:StateMachine')
      .filter(({ inputs }) => {
        const logging = inputs.loggingConfiguration as { level?: string; includeExecutionData?: boolean } | undefined;
        return !logging?.level || logging.level === 'OFF' || logging.includeExecutionData === true;
      })
      .map(({ name }) => ({ resource: name, problem: 'log its errors, without the data of executions' }));
    const stages = resourcesOfType(graph, 'aws:apigatewayv2/stage:Stage')
      .filter(({ inputs }) => !(inputs.accessLogSettings as { destinationArn?: string } | undefined)?.destinationArn)
      .map(({ name }) => ({ resource: name, problem: 'an API without an access log' }));
    return [...endless, ...functions, ...machines, ...stages];
  },
};
