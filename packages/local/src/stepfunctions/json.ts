/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** The most that a state's input, output or result may weigh: 256 KiB of UTF-8. */
export const PAYLOAD_BYTES_MAX = 262_144;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws {SyntaxError} when the text is not JSON. */
export function parseJson(text: string): Json {
  return JSON.parse(text) as Json;
}

export function weightBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
