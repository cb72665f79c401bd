import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { STSClient } from '@aws-sdk/client-sts';
import type { Account } from '../../../testing/account';

const run = promisify(execFile);
const PROWLER = process.env.PROWLER ?? 'prowler';

/** One verdict of Prowler, as its OCSF output has it. */
export interface Verdict {
  readonly check: string;
  readonly resource: string;
  readonly failed: boolean;
  readonly says: string;
}

/** The checks that this version of Prowler has. */
export async function checks(): Promise<readonly string[]> {
  const { stdout } = await run(PROWLER, ['aws', '--list-checks-json', '--no-banner'], BIG);
  return (JSON.parse(stdout.slice(stdout.indexOf('{'))) as { aws: string[] }).aws;
}

/** What Prowler finds in an account of local AWS: its output's file, and the verdicts in it. */
export async function judge(
  account: Account,
  which: readonly string[],
): Promise<{ readonly file: string; readonly verdicts: readonly Verdict[] }> {
  const keys = await account.client(STSClient).config.credentials();
  const folder = mkdtempSync(join(tmpdir(), 'prowler-'));
  const output = ['-M', 'json-ocsf', '--output-directory', folder, '--output-filename', 'findings'];
  await run(
    PROWLER,
    [
      'aws',
      '--no-banner',
      '--ignore-exit-code-3',
      '--region',
      account.region,
      ...output,
      '--checks',
      ...which,
    ],
    {
      ...BIG,
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken ?? '',
        AWS_DEFAULT_REGION: account.region,
      },
    },
  );
  const file = join(folder, 'findings.ocsf.json');
  return { file, verdicts: (JSON.parse(readFileSync(file, 'utf8')) as Ocsf[]).map(verdictOf) };
}

const BIG = { maxBuffer: 1 << 28 };

interface Ocsf {
  readonly status_code: string;
  readonly status_detail?: string;
  readonly metadata: { readonly event_code: string };
  readonly resources: readonly { readonly uid: string }[];
}

function verdictOf({ status_code, status_detail, metadata, resources }: Ocsf): Verdict {
  return {
    check: metadata.event_code,
    resource: resources[0]?.uid ?? '',
    failed: status_code === 'FAIL',
    says: status_detail ?? '',
  };
}
