import {
  BatchImportFindingsCommand,
  BatchUpdateFindingsCommand,
  EnableSecurityHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { type Account, newAccount } from '../../testing/account';
import type { SelfhealEvent } from '../../shared/worker/event';
import type { InSecurityHub } from '../../shared/worker/message';
import { anEvent } from '../notifier/testing';
import { updater } from './handler';

const lambda = { getRemainingTimeInMillis: () => 30_000 };
const productArn = 'arn:aws:securityhub:eu-west-1::product/aws/securityhub';
const TIME = '2026-03-01T09:59:58.000Z';

const failed = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Records m0, m1 … of the queue, whose subscription delivers raw. */
function batch(...events: unknown[]): SQSEvent {
  return {
    Records: events.map((event, index) => {
      const body = typeof event === 'string' ? event : JSON.stringify(event);
      return { messageId: `m${index}`, body } as SQSRecord;
    }),
  };
}

function about(id: string, over: Partial<SelfhealEvent> = {}, hub: object = { productArn }): SelfhealEvent {
  const securityHub = { region: 'eu-west-1', repairs: 1, ...hub } as InSecurityHub;
  return anEvent({ finding: { source: 'securityhub', id, time: TIME, securityHub }, ...over });
}

function recorder() {
  const logged: { level: string; fields: object | undefined }[] = [];
  return {
    logged,
    log: (level: string, _message: string, fields?: object) => {
      logged.push({ level, fields });
    },
  };
}

/** Answers every call with this, and keeps what it was given. */
function scripted(answer: object | Error) {
  const sent: { readonly name: string; readonly input: unknown }[] = [];
  const regions: string[] = [];
  const { logged, log } = recorder();
  const client = {
    send: (command: { constructor: { name: string }; input: unknown }) => {
      const { name } = command.constructor;
      const reads = name.startsWith('GetFindings');
      if (reads && !(answer instanceof Error)) return Promise.resolve({ Findings: [] });
      sent.push({ name, input: command.input });
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as SecurityHubClient;
  const clientOf = (region: string) => {
    regions.push(region);
    return client;
  };
  return { sent, regions, logged, update: updater({ clientOf, log }) };
}

describe('on local AWS', () => {
  let account: Account;
  let hub: SecurityHubClient;
  const { log } = recorder();
  const update = (event: SQSEvent) =>
    updater({ clientOf: (region) => account.client(SecurityHubClient, region), log })(event, lambda);

  beforeEach(async () => {
    account = await newAccount();
    hub = account.client(SecurityHubClient);
  });

  const group = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c3d';
  const importing = (...ids: string[]) => importingAs({}, ...ids);

  async function importingAs(changes: object, ...ids: string[]): Promise<void> {
    const Findings = ids.map((Id) => ({
      SchemaVersion: '2018-10-08',
      Id,
      ProductArn: productArn,
      GeneratorId: 'security-control/EC2.13',
      AwsAccountId: '111122223333',
      CreatedAt: TIME,
      UpdatedAt: TIME,
      Severity: { Label: 'HIGH' as const },
      Title: 'Port 22',
      Description: 'Port 22',
      Resources: [{ Type: 'AwsEc2SecurityGroup', Id: group }],
      ...changes,
    }));
    await hub.send(new BatchImportFindingsCommand({ Findings }));
  }

  async function findings() {
    const { Findings = [] } = await hub.send(new GetFindingsCommand({}));
    return new Map(Findings.map(({ Id = '', Workflow, Note }) => [Id, { status: Workflow?.Status, Note }]));
  }

  test('each finding is told its own outcome, and the others stay as they are', async () => {
    await hub.send(new EnableSecurityHubCommand({}));
    await importing('fixed', 'planned', 'held', 'gone', 'other');
    const answered = await update(
      batch(
        about('fixed'),
        about('planned', { outcome: 'planned' }),
        about('held', { outcome: 'held', reason: 'not sure' }),
        about('gone', { outcome: 'gone' }),
      ),
    );
    expect(answered).toEqual(failed());
    const now = await findings();
    expect(now.get('fixed')).toMatchObject({
      status: 'RESOLVED',
      Note: { UpdatedBy: 'selfheal', Text: expect.stringContaining('undo 01HXJOURNAL') },
    });
    expect(now.get('planned')).toMatchObject({
      status: 'NOTIFIED',
      Note: { Text: expect.stringMatching(/would/) },
    });
    expect(now.get('held')).toMatchObject({
      status: 'NEW',
      Note: { Text: expect.stringMatching(/not sure/) },
    });
    for (const id of ['gone', 'other']) expect(now.get(id)).toEqual({ status: 'NEW', Note: undefined });
  });

  const control = (name: string) => ({ productArn, control: name });

  test.each<[string, object]>([
    ['another resource', { Resources: [{ Type: 'AwsEc2SecurityGroup', Id: `${group}0` }] }],
    ['another account', { AwsAccountId: '999999999999' }],
    ['another control', { GeneratorId: 'arn:aws:guardduty:eu-west-1:111122223333:detector/d' }],
    ['a fault that its owner accepts', { Workflow: { Status: 'SUPPRESSED' } }],
  ])('a finding on %s than what was repaired is not resolved', async (_name, changes) => {
    await hub.send(new EnableSecurityHubCommand({}));
    await importingAs(changes, 'theirs');
    await importing('ours');
    const by = control('security-control/EC2.13');
    expect(await update(batch(about('theirs', {}, by), about('ours', {}, by)))).toEqual(failed());
    const now = await findings();
    expect(now.get('theirs')?.status).not.toBe('RESOLVED');
    expect(now.get('theirs')?.Note).toBeUndefined();
    expect(now.get('ours')?.status).toBe('RESOLVED');
  });

  test('that finder and bot disagree is noted, but not over what stands there', async () => {
    await hub.send(new EnableSecurityHubCommand({}));
    await importing('a');
    const disagreement =
      'the finding says "Port 22", the bot finds nothing wrong: it was put right in between';
    await update(batch(about('a', { outcome: 'compliant', disagreement })));
    const note = (await findings()).get('a');
    expect(note).toMatchObject({ status: 'NEW', Note: { Text: expect.stringContaining(disagreement) } });
    await update(batch(about('a')));
    await update(batch(about('a', { outcome: 'gone', disagreement })));
    expect((await findings()).get('a')).toMatchObject({
      status: 'RESOLVED',
      Note: { Text: expect.stringMatching(/fixed by/) },
    });
  });

  test('what a person undoes is new again', async () => {
    await hub.send(new EnableSecurityHubCommand({}));
    await importing('a');
    await update(batch(about('a')));
    await update(batch(about('a', { outcome: 'undone', reason: 'undone by ann' })));
    expect((await findings()).get('a')).toMatchObject({
      status: 'NEW',
      Note: { Text: expect.stringMatching(/taken back: undone by ann/) },
    });
  });

  test('a finding that is not there is let go, and its neighbours in the same call are updated', async () => {
    await hub.send(new EnableSecurityHubCommand({}));
    await importing('a', 'b');
    expect(await update(batch(about('a'), about('missing'), about('b')))).toEqual(failed());
    expect([...(await findings()).values()].map(({ status }) => status)).toEqual(['RESOLVED', 'RESOLVED']);
  });

  test('Security Hub that is not switched on loses nothing: all come back', async () => {
    await importing('a', 'b');
    expect(await update(batch(about('a'), about('b', { outcome: 'planned' })))).toEqual(failed('m0', 'm1'));
    await hub.send(new EnableSecurityHubCommand({}));
    expect(await update(batch(about('a'), about('b', { outcome: 'planned' })))).toEqual(failed());
    expect((await findings()).get('b')).toMatchObject({ status: 'NOTIFIED' });
  });

  test('the note that AWS takes is no longer than the note that is made', async () => {
    await hub.send(new EnableSecurityHubCommand({}));
    await importing('a');
    const [identifier] = [{ Id: 'a', ProductArn: productArn }];
    const long = new BatchUpdateFindingsCommand({
      FindingIdentifiers: [identifier],
      Note: { Text: 'x'.repeat(513), UpdatedBy: 'x' },
    });
    await expect(hub.send(long)).rejects.toThrow(/512/);
    expect(await update(batch(about('a', { violation: 'x'.repeat(5000) })))).toEqual(failed());
    expect((await findings()).get('a')?.Note?.Text).toHaveLength(512);
  });
});

describe('calls', () => {
  test('what is the same for many findings is one call for a hundred of them', async () => {
    const { update, sent, regions } = scripted({ UnprocessedFindings: [] });
    const events = Array.from({ length: 130 }, (_, n) => about(`f${n}`, { outcome: 'planned' }));
    const elsewhere = about('f0', { outcome: 'planned' }, { productArn, region: 'eu-central-1' });
    expect(await update(batch(...events, about('fixed'), elsewhere), lambda)).toEqual(failed());
    const sizes = sent.map(({ input }) => (input as { FindingIdentifiers: [] }).FindingIdentifiers.length);
    expect(sizes).toEqual([100, 30, 1, 1]);
    expect(regions).toEqual(['eu-west-1', 'eu-west-1', 'eu-west-1', 'eu-central-1']);
  });

  test('of several events of one finding the last counts, in whatever order they come', async () => {
    const at = (time: string, over: Partial<SelfhealEvent>) => about('a', { time, ...over });
    const first = at('2026-03-01T10:00:00.000Z', { outcome: 'failed', reason: 'throttled' });
    const last = at('2026-03-01T10:00:20.000Z', { outcome: 'fixed' });
    for (const events of [
      [first, last],
      [last, first],
    ]) {
      const { update, sent } = scripted({ UnprocessedFindings: [] });
      await update(batch(...events), lambda);
      expect(sent).toMatchObject([{ input: { Workflow: { Status: 'RESOLVED' } } }]);
    }
  });

  test('findings in OCSF are named by metadata.uid, and have no NOTIFIED', async () => {
    const { update, sent } = scripted({ ProcessedFindings: [], UnprocessedFindings: [] });
    const uid = (metadataUid: string, over: Partial<SelfhealEvent>) => about('x', over, { metadataUid });
    await update(
      batch(uid('u1', {}), uid('u2', { outcome: 'planned' }), uid('u3', { outcome: 'undone' })),
      lambda,
    );
    expect(sent).toEqual([
      {
        name: 'BatchUpdateFindingsV2Command',
        input: { MetadataUids: ['u1'], Comment: expect.stringMatching(/fixed by/), StatusId: 4 },
      },
      {
        name: 'BatchUpdateFindingsV2Command',
        input: { MetadataUids: ['u2'], Comment: expect.stringMatching(/would send/) },
      },
      {
        name: 'BatchUpdateFindingsV2Command',
        input: { MetadataUids: ['u3'], Comment: expect.stringMatching(/taken back/), StatusId: 1 },
      },
    ]);
  });

  test('without time for another call the records come back untouched', async () => {
    const { update, sent } = scripted({});
    const late = { getRemainingTimeInMillis: () => 5000 };
    expect(await update(batch(about('a')), late)).toEqual(failed('m0'));
    expect(sent).toEqual([]);
  });
});

describe('what Security Hub does not update', () => {
  const unprocessed = (Id: string, ErrorCode: string) => ({
    FindingIdentifier: { Id, ProductArn: productArn },
    ErrorCode,
    ErrorMessage: 'no',
  });

  test('comes back where trying again may help, and is logged and let go where it cannot', async () => {
    const codes = {
      ConcurrentUpdateError: true,
      InternalFailure: true,
      SomethingNew: true,
      FindingNotFound: false,
      FindingSizeExceeded: false,
      InvalidInput: false,
      DuplicatedFindingIdentifier: false,
    };
    const { update, logged } = scripted({
      UnprocessedFindings: Object.keys(codes).map((code) => unprocessed(code, code)),
    });
    const planned = [...Object.keys(codes), 'processed'].map((id) => about(id, { outcome: 'planned' }));
    expect(await update(batch(...planned), lambda)).toEqual(failed('m0', 'm1', 'm2'));
    expect(logged.map(({ fields }) => fields)).toEqual([
      ...Object.entries(codes).map(([code, comesBack]) => ({
        ...{ finding: code, region: 'eu-west-1', code, message: 'no', comesBack },
      })),
      { received: 8, updates: 8, failed: 3 },
    ]);
  });

  test('in OCSF too', async () => {
    const { update } = scripted({
      UnprocessedFindings: [
        { MetadataUid: 'u1', ErrorCode: 'InternalServerException' },
        { MetadataUid: 'u2', ErrorCode: 'ResourceNotFoundException' },
        { MetadataUid: 'u3', ErrorCode: 'ConflictException' },
      ],
    });
    const planned = ['u1', 'u2', 'u3', 'u4'].map((metadataUid) =>
      about('x', { outcome: 'planned' }, { metadataUid }),
    );
    expect(await update(batch(...planned), lambda)).toEqual(failed('m0', 'm2'));
  });

  test.each(['AccessDeniedException', 'LimitExceededException', 'InvalidAccessException'])(
    '%s: all of the call comes back, and other calls are made all the same',
    async (name) => {
      const { update, sent, logged } = scripted(Object.assign(new Error('no'), { name }));
      const events = [about('a'), about('b'), about('c', { outcome: 'planned' })];
      expect(await update(batch(...events), lambda)).toEqual(failed('m0', 'm1', 'm2'));
      expect(sent).toHaveLength(2);
      expect(logged[0]).toMatchObject({
        level: 'error',
        fields: { findings: ['a', 'b'], reason: `${name}: no` },
      });
    },
  );
});

test('what is no event of ours, or has nothing to do with Security Hub, is let go', async () => {
  const { update, sent, logged } = scripted({});
  const alarm = { AlarmName: 'x', NewStateValue: 'ALARM' };
  expect(await update(batch('no JSON', alarm, anEvent()), lambda)).toEqual(failed());
  expect(sent).toEqual([]);
  expect(logged).toMatchObject([
    { level: 'warn', fields: { messageId: 'm0' } },
    { level: 'warn', fields: { messageId: 'm1' } },
    { level: 'info', fields: { received: 3, updates: 0 } },
  ]);
});
