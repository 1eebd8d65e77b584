import { type Html, html } from './html.ts';

/** A moment in this machine's zone, to the millisecond. */
export function moment(epochMs: number | undefined): Html {
  if (epochMs === undefined) return html`<span class="quiet">—</span>`;
  const date = new Date(epochMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const fraction = String(date.getMilliseconds()).padStart(3, '0');
  return html`<time datetime="${date.toISOString()}" title="${day}">${time}<span class="quiet">.${fraction}</span></time>`;
}

/** `12 ms`, `3.4 s`, `2 min 5 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** The last part of an ARN, which is what people call the thing. */
export function shortArn(arn: string): string {
  return arn.split(/[:/]/).at(-1) ?? arn;
}

/** Role and session of an assumed role, or the last part of any other caller. */
export function shortCaller(arn: string): string {
  const session = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  return session === null ? shortArn(arn) : `${session[1]} / ${session[2]}`;
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? 'undefined';
}

/** JSON text, indented; text that is not JSON stays as it is. */
export function prettyJson(text: string): string {
  try {
    return json(JSON.parse(text));
  } catch {
    return text;
  }
}

type Tone = 'good' | 'bad' | 'busy' | 'plain';

export function badge(text: string, tone: Tone): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

export function emptyNote(text: string): Html {
  return html`<p class="empty">${text}</p>`;
}
