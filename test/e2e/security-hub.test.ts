/** A finding of Security Hub, from its event to its note: deployed, and run by the triggers that the template declares. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  EnableSecurityHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { ROOT } from '../../local/aws';
import { type Account, accountOf } from '../../local/demo/account';
import { type Installation, startInstallation } from '../../local/installation';
import { localEnvironment } from '../../local/loopback';
import { type Journal, journal } from '../../shared/worker/journal';
import { type Sources, copySources } from '../../local/package';
import { until } from '../../testing/until';

const SELFHEAL_CONFIG = 'test/config.security-hub.ts';
const LOGS = path.join(ROOT, '.selfheal', 'logs-e2e-security-hub');

jest.setTimeout(120_000);

let installation: Installation;
let account: Account;
let hub: SecurityHubClient;
let book: Journal;
let copy: Sources;

beforeAll(async () => {
  copy = copySources();
  installation = await startInstallation({
    autoResponse: true,
    scheduleScale: 0.1,
    env: { SELFHEAL_CONFIG },
    directory: copy.directory,
    logDirectory: LOGS,
  });
  account = accountOf(installation);
  book = journal(installation.journalTable, account.dynamodb);
  const { endpoint, region } = installation;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  hub = new SecurityHubClient({ endpoint, region, credentials });
  await hub.send(new EnableSecurityHubCommand({}));
}, 300_000);

afterAll(async () => {
  await installation.stop();
  copy.remove();
}, 240_000);

test('a fault that is repaired is RESOLVED, with a note that says how to undo it; undone it is NEW', async () => {
  const id = await newInstance();
  const arn = `arn:aws:ec2:${place()}:instance/${id}`;
  await importing(aFinding(id, 'EC2.9', 'AwsEc2Instance', arn));
  await until(async () => (await workflowOf(id)) === 'RESOLVED');
  expect(await stateOf(id)).toBe('stopped');
  const [entry] = await entriesOf(id);
  const undo = `npx selfheal undo ${entry?.id ?? 'none'} `;
  expect((await findingOf(id))?.Note).toMatchObject({
    UpdatedBy: 'selfheal',
    Text: expect.stringMatching(new RegExp(`fixed by ec2_stop_instance.*${undo}`)),
  });

  await selfheal('undo', entry?.id ?? '', '--yes', '--json');
  await until(async () => (await workflowOf(id)) === 'NEW');
  expect((await findingOf(id))?.Note?.Text).toMatch(/was taken back: undone by/);
});

test('what is only planned is NOTIFIED once, and again when Security Hub finds it again', async () => {
  const Bucket = 'planned-only';
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await account.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  const finding = aFinding(Bucket, 'S3.8', 'AwsS3Bucket', `arn:aws:s3:::${Bucket}`);
  const logged = intakeLog().length;
  await importing(finding);
  await until(async () => (await workflowOf(Bucket)) === 'NOTIFIED');
  const first = (await findingOf(Bucket))?.Note;
  expect(first?.Text).toMatch(/s3_block_all_public_access would send s3:\w+; nothing was changed/);

  // Our update has sent the finding again, as AWS does. The queue would drop it for five minutes; it must not get there.
  await until(() => Promise.resolve(intakeLog().slice(logged).includes('selfheal has answered this state')));
  await settled();
  expect((await findingOf(Bucket))?.Note).toEqual(first);

  const UpdatedAt = new Date(Date.now() + 60_000).toISOString();
  await importing({ ...finding, UpdatedAt });
  await until(async () => (await findingOf(Bucket))?.Note?.Text?.includes(UpdatedAt) ?? false);
  expect(await workflowOf(Bucket)).toBe('NOTIFIED');
});

test('nothing of it is left lying', async () => {
  await settled();
  expect(await depth(installation.deadLetterQueueUrl)).toBe(0);
  for (const name of ['security-hub', 'findings', 'undelivered']) {
    const { QueueUrl = '' } = await account.sqs.send(
      new GetQueueUrlCommand({ QueueName: `selfheal-prod-${name}` }),
    );
    expect([name, await depth(QueueUrl)]).toEqual([name, 0]);
  }
});

function intakeLog(): string {
  return readFileSync(path.join(LOGS, 'selfheal-prod-findings.log'), 'utf8');
}

function place(): string {
  return `${account.region}:${account.accountId}`;
}

function aFinding(name: string, control: string, Type: string, Id: string): AwsSecurityFinding {
  const time = new Date().toISOString();
  return {
    SchemaVersion: '2018-10-08',
    Id: `arn:aws:securityhub:${place()}:security-control/${control}/finding/${name}`,
    ProductArn: `arn:aws:securityhub:${account.region}::product/aws/securityhub`,
    GeneratorId: `security-control/${control}`,
    AwsAccountId: account.accountId,
    Region: account.region,
    CreatedAt: time,
    UpdatedAt: time,
    Severity: { Label: 'MEDIUM' },
    Title: control,
    Description: control,
    Compliance: { Status: 'FAILED', SecurityControlId: control },
    Resources: [{ Type, Id, Region: account.region }],
  };
}

async function importing(finding: AwsSecurityFinding): Promise<void> {
  await hub.send(new BatchImportFindingsCommand({ Findings: [finding] }));
}

async function findingOf(name: string): Promise<AwsSecurityFinding | undefined> {
  const { Findings = [] } = await hub.send(new GetFindingsCommand({}));
  return Findings.find(({ Id }) => Id?.endsWith(`/${name}`));
}

async function workflowOf(name: string) {
  return (await findingOf(name))?.Workflow?.Status;
}

async function newInstance(): Promise<string> {
  const run = new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 });
  return (await account.ec2.send(run)).Instances?.[0]?.InstanceId ?? '';
}

async function stateOf(id: string): Promise<string | undefined> {
  const { Reservations } = await account.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

async function entriesOf(id: string) {
  return (await book.list()).filter(({ target }) => target.id === id);
}

async function depth(QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await account.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

/** Long enough for an event to be taken in, worked on and answered, were anything to come of it. */
async function settled(): Promise<void> {
  await sleep(15_000);
  await until(async () => (await depth(installation.queueUrl)) === 0);
}

async function selfheal(...args: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [path.join(ROOT, 'cli', 'selfheal.mjs'), ...args], {
    env: { ...localEnvironment(installation.endpoint, installation.region), SELFHEAL_CONFIG },
  });
}
