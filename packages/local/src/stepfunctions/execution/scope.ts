import type { Definition } from '../definition/schema.ts';
import type { Scope } from '../expression/evaluate.ts';
import type { Sources } from '../expression/functions.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Journal } from './journal.ts';
import type { Thread } from './thread.ts';

/** What every step of an execution works with. */
export interface Context {
  readonly definition: Definition;
  readonly journal: Journal;
  readonly sources: Sources;
  /** How long a millisecond of a Wait state or of a retry's delay is, in milliseconds. */
  readonly waitScale: number;
  readonly newToken: (threadId: number) => string;
}

/** What an expression sees beside the input, depending on the field. */
export interface Extras {
  readonly result?: Json;
  readonly errorOutput?: Json;
  readonly token?: string;
  readonly item?: { readonly Index: number; readonly Value: Json };
}

export function scopeOf({ journal }: Context, thread: Thread, extras: Extras = {}): Scope {
  const { facts } = journal;
  const item = extras.item ?? itemOf(journal, thread);
  const context: JsonObject = {
    Execution: {
      Id: facts.arn,
      Input: facts.input,
      Name: facts.name,
      RoleArn: facts.roleArn,
      StartTime: new Date(facts.startedAt).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: facts.machineArn, Name: facts.machineName },
    State: {
      Name: thread.state,
      EnteredTime: new Date(thread.enteredAt).toISOString(),
      RetryCount: thread.retries.reduce((sum, used) => sum + used, 0),
    },
    ...(extras.token === undefined ? {} : { Task: { Token: extras.token } }),
    ...(item === undefined ? {} : { Map: { Item: item } }),
  };
  const states: JsonObject = {
    input: thread.input,
    context,
    ...(extras.result === undefined ? {} : { result: extras.result }),
    ...(extras.errorOutput === undefined ? {} : { errorOutput: extras.errorOutput }),
  };
  return { states, variables: variablesOf(journal, thread) };
}

/** Inner workflows read the variables of outer ones, which stand still meanwhile. */
function variablesOf(journal: Journal, thread: Thread): JsonObject {
  if (thread.parent === undefined) return thread.variables;
  return { ...variablesOf(journal, journal.get(thread.parent.thread)), ...thread.variables };
}

/** The item of the nearest Map around a thread. */
function itemOf(journal: Journal, thread: Thread): Thread['item'] {
  if (thread.item !== undefined || thread.parent === undefined) return thread.item;
  return itemOf(journal, journal.get(thread.parent.thread));
}
