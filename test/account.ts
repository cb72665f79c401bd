import { randomInt } from 'node:crypto';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Client } from '../shared/bot/bot';

const REGION = 'eu-west-1';

/** An account of local AWS that one test has for itself. */
export interface Account {
  readonly account: string;
  readonly region: string;
  /** A client of that account, for making what a situation needs. */
  readonly client: <T extends Client>(Class: new (config: never) => T, region?: string) => T;
}

/** An account of its own on local AWS. */
export async function newAccount(): Promise<Account> {
  const account = String(randomInt(100_000_000_000, 999_999_999_999));
  const sts = new STSClient({ region: REGION });
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/test`, RoleSessionName: 'test' }),
  );
  const credentials = {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
  return {
    account,
    region: REGION,
    client: (Class, region = REGION) => new Class({ region, credentials } as never),
  };
}
