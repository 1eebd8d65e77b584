import type { HistoryEventType } from '@aws-sdk/client-sfn';
import type { JsonObject } from '../json.ts';

export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: HistoryEventType;
  readonly details?: JsonObject;
}

/** As AWS does, an execution is ended before its history grows beyond this. */
export const EVENTS_MAX = 25_000;

/** Fields that hold an execution's data, which `includeExecutionData: false` leaves out. */
const dataFields = new Set(['input', 'output', 'parameters', 'assignedVariables', 'cause']);

/** One event as `GetExecutionHistory` gives it; times are seconds since the epoch on the wire. */
export function toWire(event: HistoryEvent, includeData: boolean): JsonObject {
  const { id, previousEventId, at, type, details } = event;
  const base = { id, previousEventId, timestamp: at / 1000, type };
  if (details === undefined) return base;
  const shown = includeData
    ? details
    : Object.fromEntries(Object.entries(details).filter(([field]) => !dataFields.has(field)));
  return { ...base, [detailsField(type)]: shown };
}

function detailsField(type: HistoryEventType): string {
  const [, end] = /State(Entered|Exited)$/.exec(type) ?? [];
  const name = end === undefined ? type : `State${end}`;
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}EventDetails`;
}
