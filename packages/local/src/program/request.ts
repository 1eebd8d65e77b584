import type { GraphResource } from './graph.ts';

/** What the evaluating process is told, and what it answers. Both travel over the IPC channel. */
export interface EvaluationRequest {
  readonly root: string;
  readonly stage: string;
  /** The compiled program. */
  readonly program: string;
  readonly platform: string;
  /** A folder of its own, which the program may fill. */
  readonly scratch: string;
  readonly requireHandlers: boolean;
}

export type EvaluationAnswer =
  | {
      readonly ok: true;
      readonly resources: readonly GraphResource[];
      readonly handlers: Readonly<Record<string, string>>;
      readonly outputs: Readonly<Record<string, unknown>>;
    }
  | {
      readonly ok: false;
      readonly error: string;
      /** The message is written for people: no stack would make it clearer. */
      readonly clear: boolean;
    };
