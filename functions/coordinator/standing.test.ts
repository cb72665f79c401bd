import {
  BatchImportFindingsCommand,
  BatchUpdateFindingsCommand,
  EnableSecurityHubCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Remediation } from '../../shared/worker/message';
import { enqueue } from '../../shared/worker/queue';
import { type Account, newAccount } from '../../testing/account';
import { asks } from '../../testing/entry';
import { newWorld, queued } from '../../testing/world';
import { coordinate } from './coordinate';
import { type Standing, standing } from './standing';
import { coordinatorOf, fakeLambda } from './testing';

const productArn = 'arn:aws:securityhub:eu-west-1::product/aws/securityhub';
const TIME = '2026-11-21T10:00:00.000Z';
const HOUR = 3_600_000;

function delivery(id: string, securityHub: object = { productArn }, waited = HOUR) {
  const finding = {
    source: 'securityhub',
    id,
    time: TIME,
    securityHub: { region: 'eu-west-1', repairs: 1, ...securityHub },
  };
  return { sentAt: Date.now() - waited, body: { finding } as Remediation };
}

describe('on local AWS', () => {
  let account: Account;
  let hub: SecurityHubClient;
  let ask: Standing;
  beforeEach(async () => {
    account = await newAccount();
    hub = account.client(SecurityHubClient);
    ask = standing((region) => account.client(SecurityHubClient, region));
    await hub.send(new EnableSecurityHubCommand({}));
  });

  async function importing(Id: string, changes: object = {}): Promise<void> {
    const finding = {
      ...{ SchemaVersion: '2018-10-08', Id, ProductArn: productArn, GeneratorId: 'security-control/S3.14' },
      ...{
        AwsAccountId: account.account,
        CreatedAt: TIME,
        UpdatedAt: TIME,
        Severity: { Label: 'LOW' as const },
      },
      ...{ Title: 'Versioning', Description: 'Versioning', Resources: [{ Type: 'AwsS3Bucket', Id: 'b' }] },
    };
    await hub.send(new BatchImportFindingsCommand({ Findings: [{ ...finding, ...changes }] }));
  }

  test('what was suppressed, resolved or archived while it waited is not asked for, its neighbours are', async () => {
    await importing('open');
    await importing('suppressed');
    await importing('resolved');
    await importing('archived', { RecordState: 'ARCHIVED' });
    for (const [Id, Status] of [
      ['suppressed', 'SUPPRESSED'],
      ['resolved', 'RESOLVED'],
    ] as const) {
      const FindingIdentifiers = [{ Id, ProductArn: productArn }];
      await hub.send(new BatchUpdateFindingsCommand({ FindingIdentifiers, Workflow: { Status } }));
    }
    const ids = ['open', 'suppressed', 'resolved', 'archived', 'never there'];
    expect(await Promise.all(ids.map((id) => ask(delivery(id))))).toEqual([
      undefined,
      'the finding is SUPPRESSED in Security Hub',
      'the finding is RESOLVED in Security Hub',
      'the finding is ARCHIVED in Security Hub',
      'Security Hub has the finding no more',
    ]);
  });
});

describe('calls', () => {
  function scripted(answer: object | Error) {
    const sent: {
      readonly name: string;
      readonly input: { readonly Filters?: { readonly Id?: unknown[] } };
    }[] = [];
    const send = (command: { constructor: { name: string }; input: object }) => {
      sent.push({ name: command.constructor.name, input: command.input });
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    return { sent, ask: standing(() => ({ send }) as never) };
  }

  test('what has just come in, and what did not come through Security Hub, is not asked about', async () => {
    const { sent, ask } = scripted({});
    expect(await ask(delivery('a', {}, 5_000))).toBeUndefined();
    const other = { sentAt: 0, body: { finding: { source: 'generic', id: 'a', time: TIME } } as Remediation };
    expect(await ask(other)).toBeUndefined();
    expect(sent).toEqual([]);
  });

  test('what is asked at once is twenty to a call', async () => {
    const { sent, ask } = scripted({ Findings: [] });
    await Promise.all(Array.from({ length: 45 }, (_, index) => ask(delivery(`f-${index}`))));
    expect(sent.map(({ input }) => input.Filters?.Id?.length)).toEqual([20, 20, 5]);
  });

  test('findings in OCSF by their uid, with the status that Security Hub gives them', async () => {
    const Findings = [
      { metadata: { uid: 'u1' }, status: 'Suppressed' },
      { metadata: { uid: 'u2' }, status: 'New' },
    ];
    const { sent, ask } = scripted({ Findings });
    const asked = ['u1', 'u2'].map((metadataUid) => ask(delivery('x', { metadataUid })));
    expect(await Promise.all(asked)).toEqual(['the finding is SUPPRESSED in Security Hub', undefined]);
    expect(sent.map(({ name }) => name)).toEqual(['GetFindingsV2Command']);
  });

  test('an answer that does not come is none', async () => {
    const { ask } = scripted(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(ask(delivery('a'))).rejects.toThrow('no');
    const throttled = scripted(new Error('slow down'));
    const both = await Promise.allSettled([throttled.ask(delivery('a')), throttled.ask(delivery('b'))]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('the coordinator', () => {
  async function ticked(answer: Standing) {
    const world = await newWorld();
    const started: string[] = [];
    const lambda: LambdaClient = fakeLambda((_bot, { deliveries }) => {
      started.push(...deliveries.map(({ body }) => body.finding.id));
    }, world.environment.functionPrefix);
    const finding = (id: string) => ({ finding: { source: 'securityhub', id, time: TIME } });
    await enqueue(world.sqs, world.environment.queueUrl, [
      asks(world, 'key-1', finding('first')),
      asks(world, 'key-1', finding('second')),
      asks(world, 'key-2', finding('other')),
    ]);
    const report = await coordinate(
      { ...coordinatorOf(world, lambda), standing: answer },
      () => 30_000,
      'tick',
    );
    return { world, report, started };
  }

  test('takes off what is settled, says so, and does what stands behind it', async () => {
    const { world, report, started } = await ticked(({ body }) =>
      Promise.resolve(body.finding.id === 'first' ? 'the finding is SUPPRESSED in Security Hub' : undefined),
    );
    expect(report).toEqual({ received: 3, dispatched: 2, quarantined: 0, declined: 1, deferred: 0 });
    expect(started.sort()).toEqual(['other', 'second']);
    expect(world.told).toMatchObject([
      { outcome: 'declined', finding: { id: 'first' }, reason: 'the finding is SUPPRESSED in Security Hub' },
    ]);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 2 });
  });

  test('does nothing on a finding that nobody can tell the state of, and lets it wait out of the way', async () => {
    const { world, report, started } = await ticked(({ body }) =>
      body.finding.id === 'first' ? Promise.reject(new Error('AccessDenied')) : Promise.resolve(undefined),
    );
    expect(report).toEqual({ received: 3, dispatched: 2, quarantined: 0, declined: 0, deferred: 1 });
    expect(started.sort()).toEqual(['other', 'second']);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 2 });
    expect(world.told).toEqual([]);
  });
});
