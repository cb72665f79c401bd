import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { ownerIn } from '../ownership';
import { changedBy, tagsOf } from './whose';

const target = {
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::EC2::SecurityGroup',
  id: 'sg-0123456789abcdef0',
};
const isOwn = (by: string) => by.includes('assumed-role/selfheal-');

// moto has no LookupEvents: its answers are scripted.
function trail(...events: object[]): Pick<CloudTrailClient, 'send'> {
  return { send: () => Promise.resolve({ Events: events }) } as never;
}

function event(arn: string, extra: object = {}, record: object = {}) {
  return {
    EventName: 'AuthorizeSecurityGroupIngress',
    EventTime: new Date('2026-11-29T10:00:00Z'),
    ReadOnly: 'false',
    CloudTrailEvent: JSON.stringify({ userIdentity: { arn }, ...record }),
    ...extra,
  };
}

const ALICE = 'arn:aws:sts::111122223333:assumed-role/Admin/alice';

test('the last who changed it, reads, failures and selfheal itself apart', async () => {
  const events = [
    event('arn:aws:sts::111122223333:assumed-role/selfheal-prod-remediation-ec2/x'),
    event(ALICE, { ReadOnly: 'true' }),
    event('arn:aws:iam::111122223333:user/bob', {}, { errorCode: 'AccessDenied' }),
    event(ALICE),
    event('arn:aws:iam::111122223333:user/carol'),
  ];
  expect(await changedBy(trail(...events), target, isOwn)).toBe(
    `${ALICE} (AuthorizeSecurityGroupIngress at 2026-11-29T10:00:00.000Z)`,
  );
});

test('an event that is not there yet, and a CloudTrail that refuses, hold nothing up', async () => {
  expect(await changedBy(trail(), target, isOwn)).toBeUndefined();
  const warn = jest.spyOn(console, 'warn').mockReturnValue();
  const refuses = { send: () => Promise.reject(new Error('Rate exceeded')) } as never;
  expect(await changedBy(refuses, target, isOwn)).toBeUndefined();
  expect(warn).toHaveBeenCalled();
  warn.mockRestore();
});

test('IAM users and settings have no tags in the API, and are not asked about', async () => {
  const client = {
    send: () => Promise.reject(new Error('asked')),
  } as unknown as ResourceGroupsTaggingAPIClient;
  expect(await tagsOf(client, { ...target, type: 'AWS::IAM::User', id: 'bob' })).toBeUndefined();
  expect(await tagsOf(client, { ...target, type: 'AWS::::Account', id: '111122223333' })).toBeUndefined();
});

test.each([
  [{ 'aws:cloudformation:stack-name': 'web', tfstate: 'x' }, 'the CloudFormation stack web'],
  [{ 'aws:autoscaling:groupName': 'workers' }, 'the Auto Scaling group workers'],
  [{ tfstate: 'prod/network' }, 'the Terraform state prod/network'],
  [{ ManagedBy: 'Terraform' }, 'Terraform'],
  [{ managed_by: 'terraform-cloud' }, 'Terraform'],
  [{ owner: 'web team' }, undefined],
])('%j is owned by %s', (tags, owner) => {
  expect(ownerIn(tags, {})).toBe(owner);
});

test('config.ts names the tags of Terraform', () => {
  const ownership = { terraformTags: ['workspace'] };
  expect(ownerIn({ workspace: 'blue' }, { ownership })).toBe('the Terraform state blue');
  expect(ownerIn({ tfstate: 'blue' }, { ownership })).toBeUndefined();
});
