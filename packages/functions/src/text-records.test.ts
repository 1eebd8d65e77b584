import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTextLookUp } from './text-records.ts';

let socket: Socket;
let lookUp: ReturnType<typeof createTextLookUp>;

const NO_SUCH_NAME = 3;
const SERVER_FAILURE = 2;
const codes: Readonly<Record<string, number>> = { gone: NO_SUCH_NAME, broken: SERVER_FAILURE };

/** An answer of DNS to a question: the name's first label says which. */
function answerTo(question: Buffer): Buffer {
  const label = question.subarray(13, 13 + question.readUInt8(12)).toString();
  const count = label === 'many' ? 150 : 0;
  const answer = Buffer.concat([
    question.subarray(0, question.indexOf(Buffer.from([0, 0, 16, 0, 1])) + 5),
    ...Array.from({ length: count }, () => Buffer.from('c00c00100001000000000002', 'hex')).flatMap((head) => [
      head,
      Buffer.from([1, 0x61]),
    ]),
  ]);
  answer.writeUInt16BE(0x8180 | (codes[label] ?? 0), 2);
  answer.writeUInt16BE(count, 6);
  answer.fill(0, 8, 12);
  return answer;
}

beforeAll(async () => {
  socket = createSocket('udp4');
  socket.on('message', (question, from) => socket.send(answerTo(question), from.port, from.address));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  lookUp = createTextLookUp(`127.0.0.1:${socket.address().port}`);
});
afterAll(() => {
  socket.close();
});

it('tells nothing there from nobody answering, and reads so many records and no more', async () => {
  expect(await lookUp('gone.example.net')).toEqual([]);
  expect(await lookUp('none.example.net')).toEqual([]);
  await expect(lookUp('broken.example.net')).rejects.toMatchObject({ code: 'unavailable' });
  expect(await lookUp('many.example.net')).toHaveLength(100);
});
