import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { emptySnapshot } from '@tenantry/core/catalogue/snapshot';
import { newId } from '@tenantry/core/ids/id';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveModel } from '../model/session-model.ts';
import { sessionsOf, shelvedVisits } from '../testing/made-sessions.ts';
import { trainOnSessions } from '../training/train.ts';
import { createSiloServer } from './http-server.ts';

const IN_FLIGHT_MAX = 8;
const OFFERED = 400;
const accessToken = 'b7e1c0d4a92f4f6c8d13a5e0b7e1c0d4';
const aws = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

const model = serveModel(trainOnSessions(sessionsOf(shelvedVisits(300, 3)), { version: 'mdl_1' }));
/** A table of no events, over the wire. While its gate is closed, it answers nothing. */
const gate = { open: true, waiting: [] as (() => void)[] };
const table = createServer((request, response) => {
  const answer = () => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{"Items":[],"Count":0,"ScannedCount":0}');
  };
  request.resume();
  request.on('end', () => {
    if (gate.open) answer();
    else gate.waiting.push(answer);
  });
});
let client: DynamoDBDocumentClient;
let server: Server;
const agent = new Agent({ keepAlive: true });
const s3 = new S3Client(aws);

interface Answer {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  readonly items: readonly { readonly itemId: string }[] | undefined;
}

const listen = (one: Server): Promise<number> =>
  new Promise((resolve) => one.listen(0, '127.0.0.1', () => resolve((one.address() as AddressInfo).port)));

let port = 0;
beforeAll(async () => {
  const endpoint = `http://127.0.0.1:${await listen(table)}`;
  client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...aws, endpoint }));
  server = createSiloServer({
    tenantId: newId('tenant'),
    accessToken,
    version: 'v',
    inFlightMax: IN_FLIGHT_MAX,
    deadlineMs: 60_000,
    onError: () => undefined,
    sources: {
      events: { client, name: 'events' },
      log: async () => undefined,
      s3,
      models: { modelOf: async () => model },
      candidates: { candidateOf: async () => undefined },
      catalogues: { catalogueOf: async () => emptySnapshot },
      servedBy: 'silo',
    },
  });
  port = await listen(server);
});
afterAll(() => {
  agent.destroy();
  client.destroy();
  s3.destroy();
  for (const one of [server, table]) {
    one.closeAllConnections();
    one.close();
  }
});

function ask(): Promise<Answer> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, agent, method: 'POST', path: '/recommendations', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const { items } = JSON.parse(text) as Answer;
        resolve({ status: response.statusCode, retryAfter: response.headers['retry-after'], items });
      });
    });
    request.on('error', reject);
    request.end('{"shopperId":"s","limit":5}');
  });
}

it('a crowd far above what it can take: as many as it can are answered, the others told at once to come again, and then all is as before', async () => {
  const usual = await ask();
  expect(usual).toMatchObject({ status: 200, items: { length: 5 } });
  for (let round = 0; round < 3; round += 1) {
    gate.open = false;
    const answered: Answer[] = [];
    const crowd = Array.from({ length: OFFERED }, () => ask().then((answer) => answered.push(answer)));
    // Who is not taken waits for nobody: all of these are answered while nothing moves.
    await expect.poll(() => answered.length, { timeout: 20_000 }).toBe(OFFERED - IN_FLIGHT_MAX);
    expect(answered.every(({ status, retryAfter }) => status === 503 && retryAfter === '1')).toBe(true);
    expect(gate.waiting.length).toBeGreaterThan(0);
    gate.open = true;
    for (const release of gate.waiting.splice(0)) release();
    await Promise.all(crowd);
    const taken = answered.slice(-IN_FLIGHT_MAX);
    expect(taken).toEqual(Array.from({ length: IN_FLIGHT_MAX }, () => usual));
    // As many as it takes at a time, again and again, none of which is refused.
    for (let turn = 0; turn < 5; turn += 1) {
      const calm = await Promise.all(Array.from({ length: IN_FLIGHT_MAX }, ask));
      expect(calm).toEqual(taken);
    }
  }
}, 60_000);
