import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Report, reportSchema } from '@tenantry/core/reconciliation/report';
import { portsFrom } from '@tenantry/local/cloud/ports';
import { openAccountKeys } from '@tenantry/local/sts/keys';
import { root } from './run-command.ts';

/**
 * `npm run reconcile`: compares what there is with what the registry says, prints every difference with the command that mends it, and
 * exits with 1 while any is left. Without `--stage` it asks the local cloud, with `--stage NAME` that stage, with the caller's own credentials.
 */
const usage = 'npm run -s reconcile -- [--stage NAME | --port N --dir FOLDER] [--fix] [--grace MINUTES] [--json]';
/** As long as the function may take. */
const REQUEST_MS = 15 * 60_000;
const REGION = 'us-east-1';

function readOptions() {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string', default: 'local' },
      port: { type: 'string', default: '4400' },
      dir: { type: 'string', default: join(root, '.local') },
      fix: { type: 'boolean', default: false },
      grace: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const grace = values.grace === undefined ? undefined : Number(values.grace);
  if (grace !== undefined && !(grace >= 0 && grace <= 1440)) throw new Error('--grace takes 0 to 1440 minutes.');
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65_000) throw new Error('--port takes 1024 to 65000.');
  return { ...values, grace, port };
}
type Options = ReturnType<typeof readOptions>;

function clientFor({ stage, port, dir }: Options): LambdaClient {
  // What cannot be mended must not be tried again, and again.
  const common = { region: REGION, maxAttempts: 1, requestHandler: { requestTimeout: REQUEST_MS } };
  if (stage !== 'local') return new LambdaClient(common);
  if (!existsSync(join(dir, 'account.key'))) throw new Error(`No local cloud has its state in ${dir}.`);
  const { rootAccessKeyId: accessKeyId, secretOf } = openAccountKeys(dir);
  return new LambdaClient({
    ...common,
    endpoint: `http://127.0.0.1:${portsFrom(port).aws}`,
    credentials: { accessKeyId, secretAccessKey: secretOf(accessKeyId) },
  });
}

async function reconcile(options: Options): Promise<Report> {
  const { fix, grace, stage } = options;
  const input = { fix, ...(grace === undefined ? {} : { graceMinutes: grace }) };
  const { Payload, FunctionError } = await clientFor(options).send(
    new InvokeCommand({ FunctionName: `tenantry-${stage}-reconcile`, Payload: Buffer.from(JSON.stringify(input)) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
  if (FunctionError) {
    const { errorMessage } = answer as { errorMessage?: string };
    throw new Error(`The reconciliation failed: ${errorMessage ?? 'see the log of the function'}`);
  }
  return reportSchema.parse(answer);
}

function inWords({ checked, findings, findingsLeftOut }: Report): string {
  const counts = Object.entries(checked).map(([kind, count]) => `${count} ${kind}`);
  const lines = findings.map(({ kind, resource, problem, command, mended }) =>
    [`${mended ? 'mended ' : 'DRIFT  '} ${kind}  ${resource}`, `         ${problem}`, `         ${command}`].join('\n'),
  );
  const left = findings.filter(({ mended }) => !mended).length + findingsLeftOut;
  const sum =
    findings.length === 0 ? 'Nothing to mend.' : `${findings.length - left + findingsLeftOut} mended, ${left} left.`;
  return [`Looked at ${counts.join(', ')}.`, ...lines, sum].join('\n');
}

async function main(): Promise<void> {
  const options = readOptions();
  const report = await reconcile(options);
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : inWords(report)}\n`);
  const clean = report.findingsLeftOut === 0 && report.findings.every(({ mended }) => mended);
  process.exitCode = clean ? 0 : 1;
}

main().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${reason}\nUsage: ${usage}\n`);
  process.exitCode = 2;
});
