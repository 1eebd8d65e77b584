import { createHash } from 'node:crypto';
import { LOCAL_ACCOUNT_ID as account, LOCAL_REGION as region } from '../aws/engine.ts';

/** What AWS adds to a resource once it exists: its identifier and the attributes that only AWS knows. */
export interface Created {
  readonly id: string;
  readonly state: Readonly<Record<string, unknown>>;
}

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly stage: string;
}

type Shape = (declared: Declared) => Created;

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789abcdef';

/** Letters that stay the same for a resource as long as its type, name and stage do. */
function letters(declared: Declared, alphabet: string, length: number): string {
  const digest = createHash('sha512').update(`${declared.stage}/${declared.type}/${declared.name}`).digest();
  return Array.from(digest.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('');
}

const uuid = (declared: Declared): string =>
  letters(declared, HEX, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');

/** The physical name: the one declared, or as Pulumi makes one up. */
const physicalName = (declared: Declared, key = 'name'): string => {
  const given = declared.inputs[key];
  return typeof given === 'string' && given !== '' ? given : `${declared.name}-${letters(declared, HEX, 7)}`;
};

const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;

const named =
  (resourceArn: (name: string) => string, extra: (name: string, declared: Declared) => object = () => ({})): Shape =>
  (declared) => {
    const name = physicalName(declared);
    return { id: name, state: { name, arn: resourceArn(name), ...extra(name, declared) } };
  };

const numbered =
  (prefix: string, resource: string): Shape =>
  (declared) => {
    const id = `${prefix}-0${letters(declared, HEX, 16)}`;
    return { id, state: { arn: arn('ec2', `${resource}/${id}`) } };
  };

const shortId: Shape = (declared) => ({ id: letters(declared, LOWER, 7), state: {} });

const shapes: Readonly<Record<string, Shape>> = {
  'aws:sesv2/emailIdentity:EmailIdentity': (declared) => {
    const name = physicalName(declared, 'emailIdentity');
    return { id: name, state: { arn: arn('ses', `identity/${name}`) } };
  },
  'aws:dynamodb/table:Table': named(
    (name) => arn('dynamodb', `table/${name}`),
    (name, { inputs }) =>
      inputs.streamEnabled ? { streamArn: arn('dynamodb', `table/${name}/stream/2026-01-01T00:00:00.000`) } : {},
  ),
  'aws:s3/bucket:Bucket': (declared) => {
    const bucket = physicalName(declared, 'bucket');
    return {
      id: bucket,
      state: {
        bucket,
        arn: `arn:aws:s3:::${bucket}`,
        bucketDomainName: `${bucket}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
      },
    };
  },
  'aws:iam/role:Role': named(
    (name) => `arn:aws:iam::${account}:role/${name}`,
    (_, declared) => ({ uniqueId: `AROA${letters(declared, UPPER, 17)}` }),
  ),
  'aws:lambda/function:Function': named(
    (name) => arn('lambda', `function:${name}`),
    (name) => {
      const functionArn = arn('lambda', `function:${name}`);
      return {
        invokeArn: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
        qualifiedArn: `${functionArn}:$LATEST`,
        version: '$LATEST',
      };
    },
  ),
  'aws:lambda/eventSourceMapping:EventSourceMapping': (declared) => {
    const id = uuid(declared);
    return { id, state: { uuid: id, arn: arn('lambda', `event-source-mapping:${id}`) } };
  },
  'aws:sqs/queue:Queue': (declared) => {
    const name = physicalName(declared);
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    return { id: url, state: { name, url, arn: arn('sqs', name) } };
  },
  'aws:sfn/stateMachine:StateMachine': (declared) => {
    const name = physicalName(declared);
    const machineArn = arn('states', `stateMachine:${name}`);
    return { id: machineArn, state: { name, arn: machineArn } };
  },
  'aws:apigatewayv2/api:Api': (declared) => {
    const id = letters(declared, LOWER, 10);
    return {
      id,
      state: {
        name: physicalName(declared),
        arn: `arn:aws:apigateway:${region}::/apis/${id}`,
        apiEndpoint: `https://${id}.execute-api.${region}.amazonaws.com`,
        executionArn: arn('execute-api', id),
      },
    };
  },
  'aws:apigatewayv2/authorizer:Authorizer': shortId,
  'aws:apigatewayv2/integration:Integration': shortId,
  'aws:apigatewayv2/route:Route': shortId,
  'aws:apigatewayv2/stage:Stage': (declared) => ({ id: String(declared.inputs.name), state: {} }),
  'aws:cognito/userPool:UserPool': (declared) => {
    const id = `${region}_${letters(declared, UPPER, 9)}`;
    return {
      id,
      state: {
        name: physicalName(declared),
        arn: arn('cognito-idp', `userpool/${id}`),
        endpoint: `cognito-idp.${region}.amazonaws.com/${id}`,
      },
    };
  },
  'aws:cognito/userPoolClient:UserPoolClient': (declared) => ({
    id: letters(declared, LOWER, 26),
    state: { clientSecret: '' },
  }),
  'aws:cognito/userPoolDomain:UserPoolDomain': (declared) => ({
    id: String(declared.inputs.domain),
    state: { cloudfrontDistribution: `d${letters(declared, LOWER, 13)}.cloudfront.net` },
  }),
  'aws:cloudwatch/logGroup:LogGroup': named((name) => arn('logs', `log-group:${name}`)),
  'aws:scheduler/schedule:Schedule': named((name) => arn('scheduler', `schedule/default/${name}`)),
  'aws:ecr/repository:Repository': named(
    (name) => arn('ecr', `repository/${name}`),
    (name) => ({ repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}` }),
  ),
  'aws:eks/cluster:Cluster': named(
    (name) => arn('eks', `cluster/${name}`),
    (_, declared) => ({
      endpoint: `https://${letters(declared, UPPER, 32)}.gr7.${region}.eks.amazonaws.com`,
      certificateAuthorities: [{ data: '' }],
    }),
  ),
  'aws:ec2/vpc:Vpc': numbered('vpc', 'vpc'),
  'aws:ec2/subnet:Subnet': numbered('subnet', 'subnet'),
  'aws:ec2/internetGateway:InternetGateway': numbered('igw', 'internet-gateway'),
  'aws:ec2/natGateway:NatGateway': numbered('nat', 'natgateway'),
  'aws:ec2/eip:Eip': numbered('eipalloc', 'elastic-ip'),
  'aws:ec2/routeTable:RouteTable': numbered('rtb', 'route-table'),
  'aws:ec2/vpcEndpoint:VpcEndpoint': numbered('vpce', 'vpc-endpoint'),
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': numbered('sg', 'security-group'),
  'aws:cloudfront/distribution:Distribution': (declared) => {
    const id = `E${letters(declared, UPPER, 13)}`;
    return {
      id,
      state: {
        arn: `arn:aws:cloudfront::${account}:distribution/${id}`,
        domainName: `d${letters(declared, LOWER, 13)}.cloudfront.net`,
        hostedZoneId: 'Z2FDTNDATAQYW2',
        tagsAll: {},
      },
    };
  },
  'aws:cloudfront/function:Function': named((name) => `arn:aws:cloudfront::${account}:function/${name}`),
  'aws:cloudfront/keyValueStore:KeyValueStore': (declared) => {
    const id = uuid(declared);
    return {
      id: physicalName(declared),
      state: { arn: `arn:aws:cloudfront::${account}:key-value-store/${id}` },
    };
  },
  'random:index/randomBytes:RandomBytes': (declared) => {
    const length = Number(declared.inputs.length);
    const bytes = createHash('shake256', { outputLength: length })
      .update(`${declared.stage}/${declared.name}`)
      .digest();
    return { id: letters(declared, LOWER, 7), state: { base64: bytes.toString('base64'), hex: bytes.toString('hex') } };
  },
};

/** For kinds that no other resource depends on by more than name or ARN. */
const anyAws: Shape = (declared) => {
  const [, service = '', kind = ''] = /^aws:([^/]+)\/([^:]+):/.exec(declared.type) ?? [];
  const name = physicalName(declared);
  return { id: name, state: { arn: arn(service, `${kind}/${name}`) } };
};

/** Creates a declared resource as AWS would: the same one gets the same identifiers every time. */
export function created(declared: Declared): Created {
  const shape = shapes[declared.type];
  const { id, state } = shape
    ? shape(declared)
    : declared.type.startsWith('aws:')
      ? anyAws(declared)
      : { id: letters(declared, LOWER, 7), state: {} };
  return { id, state: { ...declared.inputs, ...state } };
}
