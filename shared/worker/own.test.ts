import type { Config } from '../config';
import { type Target } from '../resources/target';
import { homeOf, ownPart } from './own';
import { admit } from './admission';

const HOME = {
  accountId: '111122223333',
  region: 'eu-west-1',
  stage: 'prod',
  journalTable: 'stack-JournalTable-1A',
};
const config: Config = {
  enable_auto_response: true,
  bots: { lambda_disable: { enabled: true }, iam_quarantine_role: { enabled: true } },
  accounts: { mode: 'multi', externalId: 'selfheal-1', accounts: ['444455556666'] },
};
const of = (type: string, id: string, changes: Partial<Target> = {}): Target => ({
  ...{ account: HOME.accountId, region: HOME.region, type, id, ...changes },
});
const FUNCTION = 'AWS::Lambda::Function';
const ROLE = 'AWS::IAM::Role';

test.each([
  of(FUNCTION, 'selfheal-prod-coordinator'),
  of(FUNCTION, 'selfheal-prod-coordinator:live'),
  of(FUNCTION, 'arn:aws:lambda:eu-west-1:111122223333:function:selfheal-prod-bot-lambda_disable:1'),
  of('AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/111122223333/selfheal-prod-remediation.fifo'),
  of('AWS::SNS::Topic', 'arn:aws:sns:eu-west-1:111122223333:selfheal-prod-findings'),
  of('AWS::DynamoDB::Table', 'stack-JournalTable-1A'),
  of(ROLE, 'selfheal-prod-remediation-ec2', { account: '444455556666' }),
])('$id is a part of selfheal', (target) => {
  expect(ownPart(config, HOME, target)).toMatch(/is a part of selfheal itself/);
});

test.each([
  of(FUNCTION, 'selfheal-prod-evil'),
  of(FUNCTION, 'selfheal-prod-bot-evil'),
  of(FUNCTION, 'selfheal-dev-coordinator'),
  of(FUNCTION, 'selfheal-prod-coordinator', { account: '444455556666' }),
  of(FUNCTION, 'selfheal-prod-coordinator', { region: 'us-east-1' }),
  of('AWS::SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/111122223333/selfheal-prod-exfiltrate'),
  of(ROLE, 'selfheal-definitely-not-evil'),
  of(ROLE, 'selfheal-prod-remediation-evil'),
  of('AWS::S3::Bucket', 'selfheal-prod-coordinator'),
])('$id of $account in $region only has a name like one', (target) => {
  expect(ownPart(config, HOME, target)).toBeUndefined();
});

test('a finding about a part of selfheal is exempt, and one about what has a name like it is not', () => {
  const bot = { id: 'lambda_disable', resource: FUNCTION, from: {} } as const;
  const admitted = (id: string) => admit({ config, home: HOME, bot, target: of(FUNCTION, id) });
  expect(admitted('selfheal-prod-coordinator')).toEqual({
    exempt: expect.stringMatching(/part of selfheal/),
  });
  expect(admitted('selfheal-prod-evil')).toHaveProperty('settings');
});

test('its own roles at home are known by their path', () => {
  expect(homeOf(HOME)).toEqual({ account: HOME.accountId, rolePath: '/selfheal/prod/' });
});
