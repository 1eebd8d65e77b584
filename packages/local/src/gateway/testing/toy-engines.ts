import { AwsError, type AwsRequest, type Engine, type IamRequirement, type Operation } from '../../aws/engine.ts';

interface Key {
  readonly pk: { readonly S: string };
}

/** As much of DynamoDB as it takes to ask for items by key, and to scan without one. */
export function createToyDynamoDb(): Engine {
  const items = new Map<string, object>();
  return {
    services: ['dynamodb'],
    protocol: 'json',
    prepare(request) {
      const name = request.headers['x-amz-target']?.split('.')[1] ?? '';
      const input = JSON.parse(request.body.toString()) as { TableName: string; Key: Key; Item: Key };
      const requires = (key?: Key): readonly IamRequirement[] => [
        {
          action: `dynamodb:${name}`,
          resource: `arn:aws:dynamodb:us-east-1:000000000000:table/${input.TableName}`,
          ...(key ? { context: { 'dynamodb:LeadingKeys': [key.pk.S] } } : {}),
        },
      ];
      switch (name) {
        case 'PutItem':
          return operation(name, requires(input.Item), () => {
            items.set(input.Item.pk.S, input.Item);
            return {};
          });
        case 'GetItem':
          return operation(name, requires(input.Key), () => ({ Item: items.get(input.Key.pk.S) }));
        case 'Scan':
          return operation(name, requires(), () => ({ Items: [...items.values()], Count: items.size }));
        case 'DescribeTable':
          return operation(name, requires(), () => {
            throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
          });
        case 'ListTables':
          return operation(name, [], () => {
            throw new Error('a secret of the machine');
          });
        default:
          throw new AwsError('UnknownOperationException', `No operation ${name}.`);
      }
    },
    async close() {},
  };
}

function operation(name: string, requires: readonly IamRequirement[], run: () => object): Operation {
  return { name, requires, run: async () => ({ body: run() }) };
}

/** As much of S3 as it takes to put and get whole objects. */
export function createToyS3(): Engine & { readonly requests: AwsRequest[] } {
  const objects = new Map<string, Buffer>();
  const requests: AwsRequest[] = [];
  return {
    services: ['s3'],
    protocol: 'rest-xml',
    requests,
    prepare(request) {
      requests.push(request);
      const resource = `arn:aws:s3:::${decodeURIComponent(request.path).slice(1)}`;
      if (request.method === 'PUT') {
        return {
          name: 'PutObject',
          requires: [{ action: 's3:PutObject', resource }],
          async run() {
            objects.set(request.path, request.body);
            return { headers: { etag: '"toy"' } };
          },
        };
      }
      return {
        name: 'GetObject',
        requires: [{ action: 's3:GetObject', resource }],
        async run() {
          const object = objects.get(request.path);
          if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: request.path });
          return { headers: { 'content-length': String(object.length) }, body: object };
        },
      };
    },
    async close() {},
  };
}

/** A REST service with one operation that anybody may call and one that nobody may without a signature. */
export function createToyRest(): Engine {
  return {
    services: ['lambda'],
    protocol: 'rest-json',
    anonymous: (request) => request.path.startsWith('/public'),
    prepare(request) {
      const requires =
        request.path === '/public'
          ? []
          : [{ action: 'lambda:InvokeFunction', resource: 'arn:aws:lambda:us-east-1:000000000000:function:toy' }];
      return {
        name: 'Invoke',
        requires,
        run: async (caller) => ({ body: { caller: caller.arn, body: request.body.toString() } }),
      };
    },
    async close() {},
  };
}
