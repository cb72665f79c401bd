import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { type Account, testBot } from '../../../testing/contract';
import { trail } from './fixtures/trails';
import { bot } from './cloudtrail_send_to_cloudwatch';

const ROLE = 'CloudTrailToCloudWatchLogs';
const GROUP = 'CloudTrail/DefaultLogGroup';
const ALLOW = 'iam:PutRolePolicy';
const UPDATE = 'cloudtrail:UpdateTrail';
const violation = 'the trail does not go to CloudWatch Logs';

/** A trail, and what may be there of the role and of the log group. */
const given =
  (role?: { readonly own?: boolean; readonly to?: string }, group?: string) => async (account: Account) => {
    const { client } = account;
    const iam = client(IAMClient);
    if (role) {
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
      const PermissionsBoundary = role.own
        ? 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy'
        : undefined;
      const Tags = [{ Key: 'selfheal', Value: 'cloudtrail' }];
      await iam.send(
        new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument, PermissionsBoundary, Tags }),
      );
    }
    if (role?.to) {
      const Resource = `arn:aws:logs:*:*:log-group:${role.to}:log-stream:*`;
      const Statement = [{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource }];
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: ROLE, PolicyDocument }));
    }
    const logs = client(CloudWatchLogsClient);
    if (group) await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await trail(account, { Name: 'neighbour' });
    return trail(account);
  };

const untouched = async ({ client }: Account, id: string) => {
  const { trailList = [] } = await client(CloudTrailClient).send(new DescribeTrailsCommand({}));
  return trailList.map(({ CloudWatchLogsLogGroupArn: to, CloudWatchLogsRoleArn: by, ...one }) =>
    one.Name === id ? one : { ...one, to, by },
  );
};

testBot(bot, {
  violating: [
    {
      name: 'the first trail of an account',
      given: given(),
      violation,
      writes: ['iam:CreateRole', ALLOW, 'logs:CreateLogGroup', 'logs:PutRetentionPolicy', UPDATE],
      after: { to: expect.stringMatching(/log-group:CloudTrail\/DefaultLogGroup:\*$/) as string },
      untouched,
    },
    {
      name: 'role and group are there, of another trail',
      given: given({ own: true, to: GROUP }, GROUP),
      violation,
      writes: [UPDATE],
      untouched,
    },
    {
      name: 'another group than the role knows',
      given: given({ own: true, to: 'other' }, 'trails'),
      params: { logGroup: 'trails' },
      violation,
      writes: [ALLOW, UPDATE],
      untouched,
    },
    {
      name: 'somebody else’s role of that name',
      given: given({}),
      violation,
      writes: [],
      held: /was not made by selfheal/,
    },
  ],
  compliant: [
    {
      name: 'goes to a group already',
      given: async (account) => {
        await given()(account);
        const arn = `arn:aws:logs:eu-west-1:${account.account}:log-group:theirs:*`;
        return trail(account, { Name: 'sent', CloudWatchLogsLogGroupArn: arn });
      },
    },
  ],
  gone: 'missing',
});
