import { type PlayedAnswer, type PlayedCall, play } from '@tenantry/local/stepfunctions/testing/play';
import { expect } from 'vitest';

type Payload = Readonly<Record<string, unknown>>;
type Json = Extract<PlayedAnswer, { value: unknown }>['value'];

/** What a function was asked for: `deletion begin`, at a second after the start. */
export interface Asked {
  readonly what: string;
  readonly state: string;
  readonly payload: Payload;
  readonly second: number;
  /** How often it was asked for before. */
  readonly before: number;
}
/** What the function answers with, or the error that it ends with; nothing in particular unless given. */
export type Answer = Payload | Error | undefined;

export const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
export const arnsOf = <N extends string>(names: readonly N[]): Readonly<Record<N, string>> =>
  Object.fromEntries(names.map((name) => [name, arnOf(name)])) as Record<N, string>;

/** Of a moment of the played clock, which begins at nine o'clock. */
export const atSecond = (second: number): string =>
  new Date(Date.parse('2026-01-05T09:00:00Z') + second * 1000).toISOString();

function asked(call: PlayedCall, earlier: readonly Asked[]): Asked {
  const { FunctionName, Payload: payload } = call.arguments as { FunctionName: string; Payload: Payload };
  const name = FunctionName.split(':').at(-1) ?? '';
  const what = [name, ...(typeof payload.action === 'string' ? [payload.action] : [])].join(' ');
  const before = earlier.filter((one) => one.what === what && one.state === call.state).length;
  return { what, state: call.state, payload, second: call.at / 1000, before };
}

/** Lets a machine run on a clock of its own, where tasks take no time and answer by a script. */
export async function playMachine(definition: object, input: Json, answer: (asked: Asked) => Answer) {
  const calls: Asked[] = [];
  const { outcome, tookMs } = await play(definition, {
    input,
    answer: (call) => {
      const one = asked(call, calls);
      calls.push(one);
      const said = answer(one);
      if (said instanceof Error) return { failure: { error: said.name, cause: said.message } };
      return { value: { Payload: (said ?? {}) as Json, StatusCode: 200 } };
    },
  });
  return {
    status: outcome?.status,
    calls,
    /** What was asked for, in order. */
    asked: calls.map(({ what }) => what),
    /** The second in which something was first asked for. */
    second(what: string): number {
      const found = calls.find((call) => call.what === what);
      expect(found, `${what} among ${calls.map((call) => call.what).join(', ')}`).toBeDefined();
      return found?.second ?? Number.NaN;
    },
    seconds: tookMs / 1000,
  };
}
