import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFlowLogsCommand,
  CreateVpcCommand,
  DescribeFlowLogsCommand,
  EC2Client,
  type TrafficType,
} from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { toCall } from '../../../shared/bot/steps';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bot } from './vpc_turn_on_flow_logs';

const ROLE = 'vpcFlowLogDelivery';
const GROUP = 'vpcFlowLogs';
const TAG = { Key: 'selfheal', Value: 'flow-logs' };
const BUCKET = randomUUID();
const BOUNDARY = 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy';
const SERVICE = 'vpc-flow-logs.amazonaws.com';

const MAKE_ROLE = 'iam:CreateRole';
const MAKE_GROUP = ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'];
const ALLOW = 'iam:PutRolePolicy';
const CREATE = 'ec2:CreateFlowLogs';

testBot(bot, {
  violating: [
    {
      name: 'the first VPC of an account: role and log group are made, in one pass before the flow log',
      given: (account) => vpc(account),
      violation: /^no flow log records rejected traffic$/,
      writes: [MAKE_ROLE, ...MAKE_GROUP, ALLOW, CREATE],
      after: { flowLogs: [{ traffic: 'REJECT', to: GROUP, own: true }] },
      untouched: others,
    },
    {
      name: 'a second VPC, and CloudBots has been here: its role, with a managed policy, and its group are used',
      given: async (account) => {
        await cloudBotsRole(account);
        await group(account);
        await flowLog(account, await vpc(account), 'ALL', 'theirs');
        return vpc(account);
      },
      params: { trafficType: 'all' },
      violation: /^no flow log records all traffic$/,
      writes: [CREATE],
      after: { flowLogs: [{ traffic: 'ALL' }] },
      untouched: others,
    },
    {
      name: 'to S3: no role, no log group, and none is passed',
      given: async (account) => {
        await bucket(account);
        return vpc(account);
      },
      params: { destination: 's3', s3Arn: `arn:aws:s3:::${BUCKET}` },
      violation: 'no flow log records rejected traffic',
      writes: [CREATE],
      after: { flowLogs: [{ to: `arn:aws:s3:::${BUCKET}` }] },
      untouched: helpers,
    },
    {
      name: 'accepted traffic is recorded, rejected is not; the flow log that is there stays',
      given: async (account) => {
        const id = await vpc(account);
        await flowLog(account, id, 'ACCEPT', 'theirs');
        return id;
      },
      violation: /^no flow log records rejected traffic$/,
      writes: [MAKE_ROLE, ...MAKE_GROUP, ALLOW, CREATE],
      untouched: others,
    },
    {
      name: 'one that does not deliver records nothing',
      given: async (account) => {
        const id = await vpc(account);
        await flowLog(account, id, 'ALL', 'missing', false);
        return id;
      },
      violation: /^no flow log records rejected traffic; fl-\w+ does not deliver: Access error$/,
      writes: [MAKE_ROLE, ...MAKE_GROUP, ALLOW, CREATE],
      untouched: others,
    },
    {
      name: 'cut off after the role was made: it gets its policy',
      given: async (account) => {
        await role(account, SERVICE, true);
        return vpc(account);
      },
      violation: 'no flow log',
      writes: [...MAKE_GROUP, ALLOW, CREATE],
    },
    {
      name: 'a role of that name and with the tag, without the boundary, that may not write',
      given: async (account) => {
        await role(account, SERVICE, false);
        return vpc(account);
      },
      violation: 'no flow log',
      writes: [],
      held: /role vpcFlowLogDelivery is not as selfheal makes it and has no policy/,
    },
    {
      name: 'a role of that name that does not trust flow logs',
      given: async (account) => {
        await role(account, 'ec2.amazonaws.com', true);
        await group(account);
        return vpc(account);
      },
      violation: 'no flow log',
      writes: [],
      held: /does not trust vpc-flow-logs\.amazonaws\.com/,
    },
    {
      name: 'the same flow log is there and fails',
      given: async (account) => {
        const id = await vpc(account);
        await flowLog(account, id, 'REJECT', GROUP, false);
        return id;
      },
      violation: 'does not deliver: Access error',
      writes: [],
      held: /^fl-\w+ goes to vpcFlowLogs already and does not deliver \(Access error\)/,
    },
    {
      name: 's3 without a bucket',
      given: (account) => vpc(account),
      params: { destination: 's3' },
      violation: 'no flow log',
      writes: [],
      held: /needs s3Arn/,
    },
  ],
  compliant: [
    {
      name: 'all is recorded already, elsewhere',
      given: async (account) => {
        const id = await vpc(account);
        await flowLog(account, id, 'ALL', 'theirs');
        return id;
      },
    },
    {
      name: 'accepted and rejected by two flow logs are all',
      params: { trafficType: 'all' },
      given: async (account) => {
        const id = await vpc(account);
        await flowLog(account, id, 'ACCEPT', 'one');
        await flowLog(account, id, 'REJECT', 'two');
        return id;
      },
    },
  ],
  gone: 'vpc-0123456789abcdef0',
});

describe('vpc_turn_on_flow_logs', () => {
  const target = { account: '123456789012', region: 'cn-north-1', type: bot.resource, id: 'vpc-1' };
  const contextOf = (given: object) => ({ target, params: bot.params.parse(given) });
  const role = { arn: `arn:aws-cn:iam::123456789012:role/${ROLE}`, own: true, trusts: true, allows: false };
  const none = { flowLogs: [] };

  test('in another partition: its ARNs, read off the role', () => {
    const [policy, create] = stepsOf(bot.plan({ ...none, group: true, role }, contextOf({}))).map(toCall);
    const { PolicyDocument } = policy?.input as { PolicyDocument: string };
    const { Statement } = JSON.parse(PolicyDocument) as { Statement: { Resource: string[] }[] };
    expect(Statement.map(({ Resource }) => Resource)).toEqual([
      [
        `arn:aws-cn:logs:*:123456789012:log-group:${GROUP}`,
        `arn:aws-cn:logs:*:123456789012:log-group:${GROUP}:*`,
      ],
      ['*'],
    ]);
    expect(create?.input).toMatchObject({ DeliverLogsPermissionArn: role.arn, LogGroupName: GROUP });
  });

  test('to S3, what EC2 refuses beside it is not there', () => {
    const context = contextOf({ destination: 's3', s3Arn: 'arn:aws:s3:::b/folder/' });
    expect(stepsOf(bot.plan(none, context)).map(toCall)).toEqual([
      {
        action: CREATE,
        input: {
          ResourceIds: ['vpc-1'],
          ResourceType: 'VPC',
          TrafficType: 'REJECT',
          LogDestinationType: 's3',
          LogDestination: 'arn:aws:s3:::b/folder/',
          TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [TAG] }],
        },
      },
    ]);
  });

  test.each(['bucket', 'arn:aws:s3:::b/AWSLogs', 'arn:aws:logs:eu-west-1:1:log-group:x', 'false'])(
    '%s is no bucket for flow logs',
    (s3Arn) => {
      expect(bot.params.safeParse({ s3Arn }).success).toBe(false);
    },
  );

  test('undo deletes what the bot made, not what others have added meanwhile', () => {
    const log = (id: string, own: boolean) => ({ id, own, traffic: 'ALL', to: GROUP });
    const now = { flowLogs: [log('fl-1', false), log('fl-2', true), log('fl-3', false), log('fl-4', true)] };
    const before = { flowLogs: [log('fl-1', false), log('fl-4', true)] };
    const back = bot.undo(before, { ...contextOf({}), now });
    expect('irreversible' in back ? back : back.map(toCall)).toEqual([
      { action: 'ec2:DeleteFlowLogs', input: { FlowLogIds: ['fl-2'] } },
    ]);
  });
});

async function vpc({ client }: Account): Promise<string> {
  const { Vpc } = await client(EC2Client).send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  return Vpc?.VpcId ?? '';
}

async function group({ client }: Account, logGroupName = GROUP): Promise<void> {
  await client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName }));
}

/** moto says that a flow log does not deliver when its log group is not there. */
async function flowLog(
  account: Account,
  id: string,
  TrafficType: TrafficType,
  LogGroupName: string,
  delivers = true,
): Promise<void> {
  if (delivers) await group(account, LogGroupName);
  await account.client(EC2Client).send(
    new CreateFlowLogsCommand({
      ResourceIds: [id],
      ResourceType: 'VPC',
      TrafficType,
      LogGroupName,
      DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/theirs',
    }),
  );
}

async function role({ client }: Account, Service: string, own: boolean): Promise<void> {
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });
  await client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: ROLE,
      AssumeRolePolicyDocument,
      ...(own && { PermissionsBoundary: BOUNDARY }),
      Tags: [TAG],
    }),
  );
}

async function cloudBotsRole(account: Account): Promise<void> {
  await role(account, SERVICE, false);
  const iam = account.client(IAMClient);
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: '*' }],
  });
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: ROLE, PolicyDocument }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn: Policy?.Arn }));
}

/** The name is fixed by the parameters, and moto has names of buckets once for all accounts. */
async function bucket({ client, region }: Account): Promise<void> {
  const LocationConstraint = region as 'eu-west-1';
  const CreateBucketConfiguration = { LocationConstraint };
  await undefinedIfGone(
    client(S3Client).send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration })),
    'BucketAlreadyExists',
  );
}

/** The flow logs that selfheal did not make. */
async function others({ client }: Account): Promise<unknown> {
  const { FlowLogs = [] } = await client(EC2Client).send(new DescribeFlowLogsCommand({}));
  return FlowLogs.filter(({ Tags = [] }) => Tags.length === 0);
}

/** What stands of role and log group. */
async function helpers({ client }: Account): Promise<unknown> {
  const { logGroups } = await client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}));
  const role = client(IAMClient).send(new GetRoleCommand({ RoleName: ROLE }));
  return { logGroups, role: await undefinedIfGone(role, 'NoSuchEntityException') };
}
