import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { instance, instancesBut } from './fixtures/rds';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_enable_enhanced_monitoring';

const ROLE = 'rds-monitoring-role';
const MonitoringRoleArn = `arn:aws:iam::111122223333:role/${ROLE}`;

const role = async ({ client }: Account) => {
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'monitoring.rds.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ];
  await client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: ROLE,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      Tags: [{ Key: 'selfheal', Value: 'enhanced-monitoring' }],
    }),
  );
};

testSetting(bot, {
  given: (account, MonitoringInterval) =>
    instance(MonitoringInterval === 0 ? {} : { MonitoringInterval, MonitoringRoleArn })(account),
  wrong: 0,
  right: 60,
  violation: 'nobody watches',
  writes: ['iam:CreateRole', 'iam:AttachRolePolicy', 'rds:ModifyDBInstance'],
  untouched: instancesBut('MonitoringInterval', 'MonitoringRoleArn', 'EnhancedMonitoringResourceArn'),
  gone: 'no-such-database',
  more: {
    violating: [
      {
        name: 'cut off after the role was made',
        given: async (account) => {
          await role(account);
          return instance()(account);
        },
        params: { seconds: 15 },
        writes: ['iam:AttachRolePolicy', 'rds:ModifyDBInstance'],
        after: { is: 15 },
      },
    ],
    compliant: [
      {
        name: 'watched every second',
        given: instance({ MonitoringInterval: 1, MonitoringRoleArn }),
      },
    ],
  },
});

describe(bot.id, () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: { seconds: 60 as const } };
  const state = { is: 0, status: 'available', engine: 'postgres', pending: [] };

  test.each([
    [{ trusts: true, own: false }, /lacks the policy/],
    [{ trusts: false, own: true }, /does not trust monitoring/],
  ])('the role is somebody else’s: %j', (found, held) => {
    const role = { arn: MonitoringRoleArn, allows: false, ...found };
    expect(bot.plan({ ...state, role }, context)).toEqual({ held: expect.stringMatching(held) });
  });

  test('moto has neither DocumentDB nor RDS Custom: they are not watched so', () => {
    expect(bot.check({ ...state, engine: 'docdb' }, context)).toBeUndefined();
  });
});
