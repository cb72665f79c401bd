import { plan, selectionsOfOthers } from './fixtures/plans';
import { selects } from './lib/selections';
import { table } from '../dynamodb/fixtures/tables';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './dynamodb_add_to_backup_plan';

const tagged = table({ Tags: [{ Key: 'backup', Value: 'daily' }] });
const violation = 'no backup plan includes it';
const params = { plan: 'daily' };
const writes = ['backup:CreateBackupSelection'];
const untouched = selectionsOfOthers;
const others = { Resources: ['arn:aws:dynamodb:*:*:table/customers'] };

const inPlan = (selection: Parameters<typeof plan>[1]) => async (account: Account) => {
  await plan(account, selection);
  return tagged(account);
};

testBot(bot, {
  violating: [
    {
      name: 'the plan includes others',
      given: inPlan(others),
      params,
      violation,
      writes,
      after: { by: ['daily/selfheal-orders'] },
      untouched,
    },
    {
      name: 'no plan is named',
      given: inPlan(others),
      violation,
      writes: [],
      held: /no backup plan is named/,
    },
    {
      name: 'the region has no such plan',
      given: inPlan(others),
      params: { plan: 'hourly' },
      violation,
      writes: [],
      held: /^there is no backup plan hourly in eu-west-1$/,
    },
  ],
  compliant: [
    {
      name: 'by its tag',
      given: inPlan({
        ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'daily' }],
      }),
      params,
    },
  ],
  gone: 'no-such-table',
});

describe('what a selection includes', () => {
  const arn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders';
  const tags = { team: 'shop', stage: 'prod' };
  const is = (ConditionKey: string, ConditionValue: string) => ({
    ConditionKey: `aws:ResourceTag/${ConditionKey}`,
    ConditionValue,
  });
  const tag = (ConditionKey: string, ConditionValue: string) => ({
    ConditionType: 'STRINGEQUALS' as const,
    ...{ ConditionKey, ConditionValue },
  });

  test.each([
    [true, { Resources: ['*'] }],
    [true, { Resources: ['arn:aws:ec2:*', 'arn:aws:dynamodb:*:*:table/*'] }],
    [false, { Resources: ['arn:aws:ec2:*'] }],
    [false, { Resources: ['*'], NotResources: [arn] }],
    [true, { ListOfTags: [tag('team', 'other'), tag('stage', 'prod')] }],
    [false, { ListOfTags: [tag('team', 'other')] }],
    [false, { Resources: ['*'], ListOfTags: [tag('team', 'other')] }],
    [true, { Conditions: { StringEquals: [is('team', 'shop')], StringLike: [is('stage', 'pr*')] } }],
    [false, { Conditions: { StringEquals: [is('team', 'shop'), is('stage', 'test')] } }],
    [false, { Resources: ['*'], Conditions: { StringNotEquals: [is('stage', 'prod')] } }],
    [true, { Resources: ['*'], Conditions: { StringNotLike: [is('stage', 'te*')] } }],
    [false, {}],
  ])('%s: %j', (expected, selection) => {
    expect(selects({ SelectionName: 'x', IamRoleArn: 'x', ...selection }, arn, tags)).toBe(expected);
  });
});
