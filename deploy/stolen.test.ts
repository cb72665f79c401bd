/** Whoever has stolen the role of a bot tries to become an administrator, on local AWS, with the rights that the stack gives it. */
import {
  AssociateIamInstanceProfileCommand,
  CreateTagsCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateInstanceProfileCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
  UpdateLoginProfileCommand,
} from '@aws-sdk/client-iam';
import { CreateQueueCommand, SQSClient, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import type { Client } from '../shared/bot/bot';
import { loadBot } from '../shared/worker/load';
import allEnabled from '../test/config.all';
import { type Account, newAccount } from '../testing/account';
import { type Stack, stackOf } from './stack';
import { pascal } from './template';

const DENIED = /not authorized to perform/;
const ALLOW_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

let stack: Stack;
beforeAll(async () => {
  stack = await stackOf(allEnabled, catalogue, (id) => loadBot(bots, id));
});

interface Thief {
  readonly admin: Account;
  readonly account: string;
  /** Name and ARN of the stolen role. */
  readonly name: string;
  readonly arn: string;
  readonly client: <T extends Client>(Class: new (config: never) => T) => T;
}

/** The bot's role, as the stack makes it, and whoever has its keys. */
async function steals(bot: string): Promise<Thief> {
  const admin = await newAccount();
  const { account, region } = admin;
  const role = stack.resources.Resources[`${pascal(bot)}Role`]?.Properties as {
    Path: string;
    Policies: { PolicyDocument: object }[];
  };
  const fill = (text: string) =>
    text
      .replaceAll('${AWS::Partition}', 'aws')
      .replaceAll('${AWS::AccountId}', account)
      .replaceAll('${AWS::Region}', region)
      .replaceAll('${sls:stage}', 'prod')
      .replaceAll(/\$\{(\w+)Queue\.Arn\}/g, `arn:aws:sqs:${region}:${account}:$1`)
      // The other parts of the stack, by some ARN of their own.
      .replaceAll(/\$\{(\w+)\.Arn\}|"(\w+Topic)"/g, (_all, one: string | undefined, topic: string) =>
        one === undefined
          ? `"arn:aws:sns:${region}:${account}:${topic}"`
          : `arn:aws:dynamodb:${region}:${account}:table/${one}`,
      );
  const document = fill(
    JSON.stringify(role.Policies[0]?.PolicyDocument).replaceAll(/\{"(?:Fn::Sub|Ref)":("[^"]*")\}/g, '$1'),
  );
  const name = `${pascal(bot)}Role`;
  const iam = admin.client(IAMClient);
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      Path: fill(role.Path),
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: 'selfheal', PolicyDocument: document }),
  );
  return { admin, account, name, arn: Role?.Arn ?? '', client: await sessionOf(Role?.Arn ?? '', region) };
}

async function sessionOf(RoleArn: string, region: string): Promise<Thief['client']> {
  const { Credentials: keys } = await new STSClient({ region }).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'thief' }),
  );
  const credentials = {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
  return (Class) => new Class({ region, credentials } as never);
}

async function policy({ admin }: Thief, PolicyName: string): Promise<string> {
  const made = new CreatePolicyCommand({ PolicyName, PolicyDocument: ALLOW_ALL });
  return (await admin.client(IAMClient).send(made)).Policy?.Arn ?? '';
}

test.each(['iam_quarantine_role', 'iam_role_attach_policy'])(
  '%s attaches no policy but its own to itself, and cannot write one',
  async (bot) => {
    const thief = await steals(bot);
    const iam = thief.client(IAMClient);
    const PolicyArn = await policy(thief, 'OurAdmins');
    const RoleName = thief.name;
    await expect(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))).rejects.toThrow(DENIED);
    const name = { PolicyName: 'DenyEverything', PolicyDocument: ALLOW_ALL };
    await expect(iam.send(new CreatePolicyCommand(name))).rejects.toThrow(DENIED);
    // Nor the one that it may attach to others.
    const own = `arn:aws:iam::${bot === 'iam_quarantine_role' ? 'aws:policy/AWSDenyAll' : `${thief.account}:policy/DenyEverything`}`;
    await policy(thief, 'DenyEverything');
    await expect(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: own }))).rejects.toThrow(DENIED);
  },
);

test.each(['iam_quarantine_user', 'iam_user_attach_policy', 'iam_user_delete_inline_policies'])(
  '%s attaches no policy to a user but those that config.ts names',
  async (bot) => {
    const thief = await steals(bot);
    await thief.admin.client(IAMClient).send(new CreateUserCommand({ UserName: 'mallory' }));
    const attach = async (PolicyArn: string) =>
      thief.client(IAMClient).send(new AttachUserPolicyCommand({ UserName: 'mallory', PolicyArn }));
    await expect(attach(await policy(thief, 'OurAdmins'))).rejects.toThrow(DENIED);
    await expect(attach('arn:aws:iam::aws:policy/AdministratorAccess')).rejects.toThrow(DENIED);
  },
);

test('iam_revoke_role_sessions writes no policy into its own role', async () => {
  const thief = await steals('iam_revoke_role_sessions');
  const put = new PutRolePolicyCommand({
    RoleName: thief.name,
    PolicyName: 'AWSRevokeOlderSessions',
    PolicyDocument: ALLOW_ALL,
  });
  await expect(thief.client(IAMClient).send(put)).rejects.toThrow(DENIED);
});

test('vpc_turn_on_flow_logs makes no role without a boundary, and the boundary holds', async () => {
  const thief = await steals('vpc_turn_on_flow_logs');
  const iam = thief.client(IAMClient);
  const trust = { Effect: 'Allow', Principal: { AWS: thief.arn }, Action: 'sts:AssumeRole' };
  const role = {
    RoleName: 'vpcFlowLogDelivery',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  };
  await expect(iam.send(new CreateRoleCommand(role))).rejects.toThrow(DENIED);
  const boundary = 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy';
  const wide = { ...role, PermissionsBoundary: await policy(thief, 'OurAdmins') };
  await expect(iam.send(new CreateRoleCommand(wide))).rejects.toThrow(DENIED);
  const { Role } = await iam.send(new CreateRoleCommand({ ...role, PermissionsBoundary: boundary }));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: role.RoleName,
      PolicyName: role.RoleName,
      PolicyDocument: ALLOW_ALL,
    }),
  );
  const through = (await sessionOf(Role?.Arn ?? '', thief.admin.region))(IAMClient);
  await expect(through.send(new ListUsersCommand({}))).rejects.toThrow(DENIED);
});

test('ec2_attach_instance_role gives an instance no profile but those that config.ts names', async () => {
  const thief = await steals('ec2_attach_instance_role');
  const iam = thief.admin.client(IAMClient);
  await iam.send(new CreateRoleCommand({ RoleName: 'admin', AssumeRolePolicyDocument: ALLOW_ALL }));
  const InstanceProfileName = 'prod-admin';
  const { InstanceProfile } = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'admin' }));
  const InstanceId = 'i-0123456789abcdef0';
  for (const IamInstanceProfile of [{ Name: InstanceProfileName }, { Arn: InstanceProfile?.Arn }]) {
    const command = new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile });
    await expect(thief.client(EC2Client).send(command)).rejects.toThrow(DENIED);
  }
});

test('iam_user_force_password_change sets no password of a user whom config.ts does not name', async () => {
  const thief = await steals('iam_user_force_password_change');
  const iam = thief.admin.client(IAMClient);
  for (const [UserName, Path] of [
    ['admin', '/'],
    ['dev', '/developers/'],
  ] as const) {
    await iam.send(new CreateUserCommand({ UserName, Path }));
    await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'correct-Horse-1' }));
  }
  const set = async (UserName: string) =>
    thief.client(IAMClient).send(new UpdateLoginProfileCommand({ UserName, Password: 'mine-Now-22' }));
  await expect(set('admin')).rejects.toThrow(DENIED);
  await expect(set('dev')).resolves.toBeDefined();
});

test('sqs_remove_public_statements does not open the queue that gives orders to all bots', async () => {
  const thief = await steals('sqs_remove_public_statements');
  const open = async (QueueName: string) => {
    const { QueueUrl } = await thief.admin.client(SQSClient).send(new CreateQueueCommand({ QueueName }));
    return thief
      .client(SQSClient)
      .send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '30' } }));
  };
  await expect(open('Remediation')).rejects.toThrow(DENIED);
  await expect(open('DeadLetter')).rejects.toThrow(DENIED);
  await expect(open('theirs')).resolves.toBeDefined();
});

test('ec2_create_snapshot tags nothing but what it makes; ebs_snapshot_set_private opens no snapshot', async () => {
  const tagger = await steals('ec2_create_snapshot');
  const tags = { Resources: ['i-0123456789abcdef0'], Tags: [{ Key: 'admin', Value: 'yes' }] };
  await expect(tagger.client(EC2Client).send(new CreateTagsCommand(tags))).rejects.toThrow(DENIED);
  const opener = await steals('ebs_snapshot_set_private');
  for (const how of [
    { OperationType: 'add', GroupNames: ['all'] },
    { CreateVolumePermission: { Add: [{ UserId: '999999999999' }] } },
  ] as const) {
    const command = new ModifySnapshotAttributeCommand({
      SnapshotId: 'snap-0123456789abcdef0',
      Attribute: 'createVolumePermission',
      ...(how as object),
    });
    await expect(opener.client(EC2Client).send(command)).rejects.toThrow(DENIED);
  }
});
