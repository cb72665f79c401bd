import { ResourceType } from '@aws-sdk/client-config-service';
import type { MemberAccounts } from '../shared/accounts';
import type { Config } from '../shared/config';
import { catalogue } from '../functions/remediators/catalogue';
import allEnabled from '../test/config.all';
import { enabling, entry } from '../testing/entry';
import { changesPattern, memberEvents } from './members';

const MULTI: MemberAccounts = { mode: 'multi', externalId: 'selfheal-1', accounts: ['444455556666'] };
const key = entry('rotate');
const password = entry('password', { resource: 'AWS::::Account' });
const snapshot = entry('snapshot', { resource: 'AWS::EC2::Snapshot' });
const response = entry('stop', { kind: 'response', resource: 'AWS::EC2::Instance' });

function made(accounts: Config['accounts'], more: Partial<Config> = {}, bots = [key]) {
  const config = { ...enabling(...bots.map(({ id }) => id)), ...more, ...(accounts && { accounts }) };
  return memberEvents(config, bots);
}

function properties(resource: { Properties: object } | undefined) {
  return resource?.Properties as Record<string, unknown>;
}

test.each([undefined, { mode: 'single' } as const])(
  'accounts: %j: no bus and no event; only the queue of looks, for surveys',
  (accounts) => {
    expect(Object.keys(made(accounts)).filter((name) => !name.startsWith('Looks'))).toEqual([]);
  },
);

describe('who may send to the bus', () => {
  const policies = (accounts: MemberAccounts) =>
    Object.values(made(accounts))
      .filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy')
      .map((policy) => properties(policy).Statement);
  const put = {
    Effect: 'Allow',
    Action: 'events:PutEvents',
    Resource: { 'Fn::Sub': '${MembersBus.Arn}' },
  };

  test('the listed accounts, without those that are denied', () => {
    expect(
      policies({ ...MULTI, accounts: ['444455556666', '777788889999'], deny: ['777788889999'] }),
    ).toEqual([
      { ...put, Principal: { AWS: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::444455556666:root' }] } },
    ]);
  });

  test('the organization, without the accounts that are denied', () => {
    const { accounts: _, ...rest } = MULTI;
    const all = { ...rest, organization: 'o-a1b2c3d4e5' };
    const StringEquals = { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' };
    expect(policies(all)).toEqual([{ ...put, Principal: '*', Condition: { StringEquals } }]);
    expect(policies({ ...all, deny: ['777788889999'] })).toEqual([
      {
        ...put,
        Principal: '*',
        Condition: { StringEquals, StringNotEquals: { 'aws:PrincipalAccount': ['777788889999'] } },
      },
    ]);
  });

  test('nobody, where every listed account is denied', () => {
    expect(policies({ ...MULTI, deny: ['444455556666'] })).toEqual([]);
  });

  test('more accounts than the policy holds are refused in a sentence', () => {
    const accounts = Array.from({ length: 151 }, (_, index) => String(100_000_000_000 + index));
    expect(() => made({ ...MULTI, accounts })).toThrow(
      'config.ts: accounts lists 151 accounts, and the policy of an event bus holds 150',
    );
    const { Statement } = properties(made({ ...MULTI, accounts: accounts.slice(1) }).MembersBusAccounts);
    expect(JSON.stringify(Statement).replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, '$1').length).toBeLessThan(
      10_240,
    );
  });
});

describe('what becomes of events', () => {
  test('changes of what enabled posture bots look at go to the looks queue, of nothing else', () => {
    const { MemberChanges } = made(MULTI, {}, [key, password, snapshot, response]);
    expect(properties(MemberChanges)).toMatchObject({
      EventBusName: { Ref: 'MembersBus' },
      EventPattern: {
        source: ['aws.config'],
        'detail-type': ['Config Configuration Item Change'],
        $or: [
          { detail: { configurationItem: { resourceType: ['AWS::KMS::Key'] } } },
          { detail: { messageType: ['OversizedConfigurationItemChangeNotification'] } },
        ],
      },
      Targets: [{ Arn: { 'Fn::Sub': '${LooksQueue.Arn}' } }],
    });
    expect(made(MULTI, {}, [response])).not.toHaveProperty('MemberChanges');
  });

  test('findings of the sources that config.ts names go to the findings queue', () => {
    const rules = made(MULTI, { findings: { events: ['guardduty'] } });
    expect(properties(rules.MemberGuarddutyFindings)).toMatchObject({
      EventBusName: { Ref: 'MembersBus' },
      EventPattern: { source: ['aws.guardduty'] },
      Targets: [{ Arn: { 'Fn::Sub': '${FindingsQueue.Arn}' } }],
    });
    expect(Object.keys(made(MULTI)).filter((name) => name.endsWith('Findings'))).toEqual([]);
  });

  test('settings are looked at once a day, where a bot is for them', () => {
    expect(properties(made(MULTI, {}, [password]).SettingsLooks)).toMatchObject({
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Arn: { 'Fn::Sub': '${LooksQueue.Arn}' } }],
    });
    expect(made(MULTI)).not.toHaveProperty('SettingsLooks');
    // So is what no change tells: a fault that the item does not hold, and types without items.
    for (const bot of [entry('old', { recheck: 'daily' }), snapshot]) {
      expect(made(MULTI, {}, [bot])).toHaveProperty('SettingsLooks');
    }
  });

  test('into the looks queue only its rules may send, and what fails there is kept', () => {
    const { LooksQueue, LooksQueuePolicy } = made(MULTI, {}, [key, password]);
    expect(properties(LooksQueue)).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::Sub': '${UndeliveredQueue.Arn}' } },
    });
    const { Statement } = properties(LooksQueuePolicy).PolicyDocument as { Statement: { Effect: string }[] };
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toMatchObject([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          ArnEquals: {
            'aws:SourceArn': [{ 'Fn::Sub': '${MemberChanges.Arn}' }, { 'Fn::Sub': '${SettingsLooks.Arn}' }],
          },
        },
      },
    ]);
  });

  test('the pattern fits with every bot enabled, and one that does not is refused', () => {
    expect(JSON.stringify(changesPattern(allEnabled, catalogue)).length).toBeLessThanOrEqual(2048);
    const every = Object.values(ResourceType).map((type, index) => entry(`bot${index}`, { resource: type }));
    expect(() => changesPattern(enabling(...every.map(({ id }) => id)), every)).toThrow(
      /longer than EventBridge takes, \d+ of 2048 characters: enable fewer bots/,
    );
  });
});
