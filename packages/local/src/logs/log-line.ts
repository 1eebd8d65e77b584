/** A line as a function wrote it. */
export interface LogWrite {
  readonly function: string;
  readonly requestId: string;
  readonly level: string;
  readonly text: string;
}

/** A line as it is kept. */
export interface LogLine extends LogWrite {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly time: number;
  /** From the line itself, where it is a JSON object that names one. */
  readonly tenantId?: string;
}

export type LogSink = (line: LogWrite) => void;

const TEXT_MAX_LENGTH = 64 * 1024;

/** What a structured line says about itself; a line that is not a JSON object says nothing. */
export function readStructured(text: string): { readonly tenantId?: string; readonly level?: string } {
  if (!text.startsWith('{')) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null) return {};
  const tenantId = 'tenantId' in parsed && typeof parsed.tenantId === 'string' ? parsed.tenantId : undefined;
  const level = 'level' in parsed && typeof parsed.level === 'string' ? parsed.level.toUpperCase() : undefined;
  return { ...(tenantId === undefined ? {} : { tenantId }), ...(level === undefined ? {} : { level }) };
}

/** Cuts a line that is longer than 64 Ki characters and says so. */
export function boundText(text: string): string {
  return text.length <= TEXT_MAX_LENGTH ? text : `${text.slice(0, TEXT_MAX_LENGTH)}… (${text.length} characters)`;
}
