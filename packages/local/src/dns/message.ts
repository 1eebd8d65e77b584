/** The part of DNS messages (RFC 1035) that a lookup of text records needs. */

const TXT = 16;
const INTERNET = 1;
const HEADER_BYTES = 12;
const NAME_BYTES_MAX = 255;
const TEXT_BYTES_MAX = 255;
const TTL_SECONDS = 1;

export interface Question {
  readonly id: number;
  /** In lower case, without the last dot. */
  readonly name: string;
  readonly type: number;
  /** The bytes of the question, for the answer to repeat. */
  readonly bytes: Buffer;
}

/** The question of a query; undefined for anything else, such as an answer or a name with a pointer. */
export function parseQuery(message: Buffer): Question | undefined {
  if (message.length < HEADER_BYTES || (message.readUInt8(2) & 0xf8) !== 0) return undefined;
  if (message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    if (at >= message.length || at - HEADER_BYTES > NAME_BYTES_MAX) return undefined;
    const length = message.readUInt8(at);
    at += 1;
    if (length === 0) break;
    if (length > 63 || at + length > message.length) return undefined;
    labels.push(message.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > message.length || message.readUInt16BE(at + 2) !== INTERNET) return undefined;
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.'),
    type: message.readUInt16BE(at),
    bytes: message.subarray(HEADER_BYTES, at + 4),
  };
}

function textRecord(value: string): Buffer {
  const bytes = Buffer.from(value);
  const strings: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += TEXT_BYTES_MAX) {
    const part = bytes.subarray(at, at + TEXT_BYTES_MAX);
    strings.push(Buffer.from([part.length]), part);
  }
  const data = Buffer.concat(strings);
  const head = Buffer.alloc(12);
  // The name is that of the question, at byte 12.
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  head.writeUInt16BE(TXT, 2);
  head.writeUInt16BE(INTERNET, 4);
  head.writeUInt32BE(TTL_SECONDS, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** @param values text records of the name; undefined when there is no such name */
export function answerTo(question: Question, values: readonly string[] | undefined): Buffer {
  const texts = question.type === TXT ? (values ?? []) : [];
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(question.id, 0);
  // An authoritative answer; code 3 says that there is no such name.
  header.writeUInt16BE(0x8580 | (values === undefined ? 3 : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(texts.length, 6);
  return Buffer.concat([header, question.bytes, ...texts.map(textRecord)]);
}
