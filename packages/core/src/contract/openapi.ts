import * as z from 'zod';
import { type ErrorCode, errorCodes } from '../errors/codes.ts';
import { idempotencyErrors, idempotencyHeader, idempotencyKeySchema } from './idempotency.ts';
import { problemContentType, problemSchema, problemStatus } from './problem.ts';
import type { Access, Route } from './route.ts';
import { routes } from './routes.ts';

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

const security: Readonly<Record<Access['by'], readonly Record<string, readonly string[]>[]>> = {
  anyone: [],
  user: [{ accessToken: [] }],
  member: [{ accessToken: [] }],
  operator: [{ accessToken: [] }],
  apiKey: [{ apiKey: [] }],
  stripe: [],
  site: [],
};

/** Who may call a route, in a sentence. */
export function accessText(access: Access): string {
  switch (access.by) {
    case 'anyone':
      return 'Anyone.';
    case 'user':
      return 'Any signed-in user.';
    case 'member':
      return `Members with the role ${access.roles.join(', ')}, while the company is ${access.statuses.join(', ')}.`;
    case 'apiKey':
      return `API keys (${access.kinds.join(', ')}), while the company is ${access.statuses.join(', ')}.`;
    case 'stripe':
      return 'Stripe, by its signature.';
    case 'site':
      return 'Pages of the site itself, by their origin.';
    case 'operator':
      return 'Staff of the provider: members of the group operators.';
  }
}

const idempotencyParameter = {
  name: idempotencyHeader,
  in: 'header',
  required: false,
  description:
    'Names the attempt. Sent again within a day with the same key and the same input, it makes nothing a second time, and answers what it answered before, with the header idempotent-replayed.',
  schema: jsonSchema(idempotencyKeySchema, 'input'),
};

/** Every error of a route, its own and those that its row implies. */
export const errorsOf = (route: Route): readonly ErrorCode[] => [
  ...new Set([...route.errors, ...(route.idempotent ? (['invalid_request', ...idempotencyErrors] as const) : [])]),
];

function parameters(route: Route): object[] {
  const of = (schema: z.ZodObject | undefined, place: 'path' | 'query'): object[] => {
    if (!schema) return [];
    const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
      properties?: Record<string, object>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: property,
    }));
  };
  return [
    ...of(route.params, 'path'),
    ...of(route.query, 'query'),
    ...(route.idempotent ? [idempotencyParameter] : []),
  ];
}

function responses(route: Route): Record<string, object> {
  const { status, schema, contentType = 'application/json' } = route.response;
  const ok = {
    description: 'Done',
    ...(status === 204
      ? {}
      : { content: { [contentType]: { schema: schema ? jsonSchema(schema, 'output') : { type: 'string' } } } }),
  };
  const byStatus = Map.groupBy<number, ErrorCode>([...errorsOf(route), 'internal'], (code) => problemStatus[code]);
  const failures = [...byStatus].map(([code, names]) => [
    String(code),
    {
      description: names.map((name) => `\`${name}\`: ${errorCodes[name]}.`).join(' '),
      content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  return { [status]: ok, ...Object.fromEntries(failures) };
}

/** The contract as an OpenAPI 3.1 document. */
export function openApiDocument(serverUrl: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = {
      operationId: route.id,
      summary: route.summary,
      description: accessText(route.access),
      security: security[route.access.by],
      parameters: parameters(route),
      ...(route.body
        ? {
            requestBody: {
              required: true,
              content: {
                'application/json': {
                  schema: jsonSchema(route.body, 'input'),
                  ...(route.example?.request ? { example: route.example.request } : {}),
                },
              },
            },
          }
        : {}),
      responses: responses(route),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tenantry API', version: '1.0.0', description: 'Real-time recommendations for online shops.' },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: pk_… or sk_…' },
      },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
    },
  };
}
