import { describe, expect, it } from 'vitest';
import { eksToken } from './token.ts';

const at = Date.UTC(2030, 0, 2, 3, 4, 5);
const options = {
  clusterName: 'silos',
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'a/b+c=' },
  now: () => at,
};

const urlOf = (token: string): URL => {
  expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  return new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
};

describe('an EKS token', () => {
  it("asks the region's STS who calls, for a minute, and is bound to the cluster", async () => {
    const url = urlOf(await eksToken(options));
    expect(url.origin).toBe('https://sts.eu-central-1.amazonaws.com');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'GetCallerIdentity',
      'X-Amz-Date': '20300102T030405Z',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Security-Token': 'a/b+c=',
    });
    expect(url.searchParams.has('x-k8s-aws-id')).toBe(false);
  });

  it('is signed differently for another cluster', async () => {
    const signature = async (clusterName: string) =>
      urlOf(await eksToken({ ...options, clusterName })).searchParams.get('X-Amz-Signature');
    expect(await signature('silos')).toBe(await signature('silos'));
    expect(await signature('silos')).not.toBe(await signature('others'));
  });

  it('goes to another endpoint with its port, where one is given', async () => {
    expect(urlOf(await eksToken({ ...options, endpoint: 'http://127.0.0.1:4566' })).origin).toBe(
      'http://127.0.0.1:4566',
    );
  });

  it('takes credentials from a provider at the time of the call', async () => {
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return options.credentials;
    };
    await eksToken({ ...options, credentials });
    expect(asked).toBe(1);
  });
});
