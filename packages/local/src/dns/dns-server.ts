import { createSocket } from 'node:dgram';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { answerTo, parseQuery } from './message.ts';

export interface TextRecord {
  readonly name: string;
  readonly value: string;
}

export interface DnsServer {
  readonly records: () => readonly TextRecord[];
  /** @throws {Error} for a name or value that no record can have */
  add(record: TextRecord): void;
  remove(record: TextRecord): void;
  close(): Promise<void>;
}

const RECORDS_MAX = 1000;
const recordSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))+$/, 'is not a name'),
  value: z.string().trim().min(1).max(1000),
});

function read(file: string): TextRecord[] {
  try {
    return z.array(recordSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Answers lookups of text records on this machine, so that a domain can be claimed without owning it. Nothing else of DNS is here.
 * @param port of UDP
 */
export async function startDns(dir: string, port: number): Promise<DnsServer> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'dns-records.json');
  let records: readonly TextRecord[] = read(file);
  const keep = (next: readonly TextRecord[]): void => {
    records = next;
    writeFileSync(file, JSON.stringify(records));
  };
  const isSame = (one: TextRecord, other: TextRecord) => one.name === other.name && one.value === other.value;
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const question = parseQuery(message);
    if (!question) return;
    const values = records.filter(({ name }) => name === question.name).map(({ value }) => value);
    socket.send(answerTo(question, values.length > 0 ? values : undefined), from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', resolve);
  });
  return {
    records: () => records,
    add(record) {
      const added = recordSchema.parse(record);
      if (records.length >= RECORDS_MAX) throw new Error(`There are ${RECORDS_MAX} records already.`);
      keep([...records.filter((other) => !isSame(other, added)), added]);
    },
    remove(record) {
      keep(records.filter((other) => !isSame(other, record)));
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
