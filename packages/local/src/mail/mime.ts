/** What the inbox shows of a raw message. Attachments are left out: they are named in `attachments`. */
export interface ParsedMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly string[];
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  /** One character per byte. */
  readonly body: string;
}

const NESTING_MAX = 8;

function parsePart(source: string): Part {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end === null ? source : source.slice(0, end.index);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: end === null ? '' : source.slice(end.index + end[0].length) };
}

function decodeBytes(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}

function decodeQuotedPrintable(text: string): Buffer {
  const joined = text.replace(/=[ \t]*\r?\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** Decodes RFC 2047 encoded words; whitespace between two of them is not part of the text. */
export function decodeHeader(value: string): string {
  const words = value.replace(/(\?=)\s+(=\?)/g, '$1$2');
  const decoded = words.replace(
    /=\?([^?\s]+)\?([bqBQ])\?([^?]*)\?=/g,
    (_, charset: string, encoding: string, content: string) => {
      const bytes =
        encoding.toLowerCase() === 'b'
          ? Buffer.from(content, 'base64')
          : decodeQuotedPrintable(content.replaceAll('_', ' '));
      return decodeBytes(bytes, charset);
    },
  );
  // Bytes above 127 outside encoded words are UTF-8 (RFC 6532); what was decoded has left that range already.
  return /[\u0080-\u00ff]/.test(decoded) && decoded === words
    ? Buffer.from(decoded, 'latin1').toString('utf8')
    : decoded;
}

function parameter(header: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}="?([^";]+)"?`, 'i').exec(header);
  return match?.[1]?.trim();
}

function decodeBody(part: Part): string {
  const encoding = (part.headers.get('content-transfer-encoding') ?? '7bit').toLowerCase();
  const charset = parameter(part.headers.get('content-type') ?? '', 'charset') ?? 'utf-8';
  const bytes =
    encoding === 'base64'
      ? Buffer.from(part.body, 'base64')
      : encoding === 'quoted-printable'
        ? decodeQuotedPrintable(part.body)
        : Buffer.from(part.body, 'latin1');
  return decodeBytes(bytes, charset);
}

function splitMultipart(body: string, boundary: string): string[] {
  const sections = `\r\n${body}`.split(`\n--${boundary}`).slice(1);
  const end = sections.findIndex((section) => section.startsWith('--'));
  return (end === -1 ? sections : sections.slice(0, end)).map((section) =>
    section.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''),
  );
}

interface Found {
  text: string;
  html: string;
  readonly attachments: string[];
}

function collect(part: Part, found: Found, depth: number): void {
  const type = part.headers.get('content-type') ?? 'text/plain';
  const boundary = parameter(type, 'boundary');
  if (type.toLowerCase().startsWith('multipart/') && boundary !== undefined && depth < NESTING_MAX) {
    for (const section of splitMultipart(part.body, boundary)) collect(parsePart(section), found, depth + 1);
    return;
  }
  const disposition = part.headers.get('content-disposition') ?? '';
  const filename = parameter(disposition, 'filename') ?? parameter(type, 'name');
  if (disposition.toLowerCase().startsWith('attachment') || !type.toLowerCase().startsWith('text/')) {
    found.attachments.push(decodeHeader(filename ?? type.split(';')[0] ?? 'attachment'));
  } else if (type.toLowerCase().startsWith('text/html')) {
    found.html ||= decodeBody(part);
  } else {
    found.text ||= decodeBody(part);
  }
}

/** The bare address of `"Name" <a@b.c>`. */
export function bareAddress(address: string): string {
  return (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim();
}

/** The addresses of a header, split at commas that are not quoted. */
export function splitAddresses(header: string): string[] {
  return [...header.matchAll(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g)]
    .map(([item]) => item.trim())
    .filter((item) => item !== '');
}

/** Reads a raw RFC 5322 message: its first text and first HTML part, at any nesting up to eight levels. */
export function parseMessage(raw: Uint8Array): ParsedMessage {
  const root = parsePart(Buffer.from(raw).toString('latin1'));
  const found: Found = { text: '', html: '', attachments: [] };
  collect(root, found, 0);
  const header = (name: string) => decodeHeader(root.headers.get(name) ?? '');
  return {
    from: header('from'),
    to: ['to', 'cc', 'bcc'].flatMap((name) => splitAddresses(header(name))),
    subject: header('subject'),
    text: found.text,
    html: found.html,
    attachments: found.attachments,
  };
}
