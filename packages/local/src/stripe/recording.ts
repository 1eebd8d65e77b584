/** A record of calls and their answers, to hold them against descriptions that others wrote. */

import { appendFileSync } from 'node:fs';

export interface Exchange {
  readonly method: string;
  /** `/v1/customers/cus_…`. */
  readonly path: string;
  /** As it was sent: the form of a body, or the query. */
  readonly parameters: string;
  readonly status: number;
  /** JSON. */
  readonly answer: string;
}

export type Recorder = (exchange: Exchange) => void;

/** @param file (`TENANTRY_STRIPE_RECORDING`) takes a line of JSON for each exchange; nothing is recorded without one */
export function recorderFor(file: string | undefined): Recorder | undefined {
  return file ? (exchange) => appendFileSync(file, `${JSON.stringify(exchange)}\n`) : undefined;
}
