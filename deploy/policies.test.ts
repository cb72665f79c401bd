import type { Permissions } from '../shared/bot/bot';
import { confinedBy, statementsFor } from './policies';

const sub = (text: string) => ({ 'Fn::Sub': text });

test('an action on the resource types that IAM knows for it, here and in every region', async () => {
  expect(await statementsFor(['kms:EnableKeyRotation'])).toEqual([
    {
      Effect: 'Allow',
      Action: ['kms:EnableKeyRotation'],
      Resource: [sub('arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*')],
    },
  ]);
});

test('an action of several types', async () => {
  const [statement] = await statementsFor(['ec2:ModifyNetworkInterfaceAttribute']);
  expect(statement?.Resource.length).toBeGreaterThan(1);
  expect(statement?.Resource).toContainEqual(
    sub('arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:security-group/*'),
  );
});

test('every resource where IAM has no resource level', async () => {
  expect(await statementsFor(['ec2:DescribeSecurityGroups', 'iam:GetAccountPasswordPolicy'])).toEqual([
    {
      Effect: 'Allow',
      Action: ['ec2:DescribeSecurityGroups', 'iam:GetAccountPasswordPolicy'],
      Resource: ['*'],
    },
  ]);
});

test('tags go to what is made, roles to whom they are handed over, and groups into VPCs that others share', async () => {
  const actions = ['ec2:CreateSecurityGroup', 'ec2:CreateTags', 'ec2:CreateFlowLogs', 'iam:PassRole'];
  const statements = await statementsFor(actions);
  const of = (action: string) => statements.find(({ Action }) => Action.includes(action));
  expect(of('ec2:CreateTags')?.Condition).toEqual({
    StringEquals: { 'ec2:CreateAction': ['CreateFlowLogs', 'CreateSecurityGroup'] },
  });
  expect(of('iam:PassRole')?.Condition).toEqual({
    StringLike: { 'iam:PassedToService': ['vpc-flow-logs.amazonaws.com*'] },
  });
  expect(of('ec2:CreateSecurityGroup')?.Resource).toContainEqual(sub('arn:${AWS::Partition}:ec2:*:*:vpc/*'));
  expect(await statementsFor(['ec2:CreateTags'])).toMatchObject([{ Action: ['ec2:CreateTags'] }]);
  expect((await statementsFor(['ec2:CreateTags']))[0]).not.toHaveProperty('Condition');
});

test('what is for one helper, on that helper; but on all where another bot needs all', async () => {
  const only = {
    'iam:PassRole': 'role/vpcFlowLogDelivery',
    'logs:CreateLogGroup': 'log-group:vpcFlowLogs:*',
  };
  const actions = Object.keys(only);
  const flowLogs = { read: [], write: actions, undo: [], only };
  const other = { read: [], write: ['iam:PassRole'], undo: [], only: { 'iam:PassRole': 'role/other' } };
  const wide = { read: [], write: ['iam:PassRole'], undo: [] };
  const resources = async (...bots: Permissions[]) =>
    (await statementsFor(actions, confinedBy(bots))).map(({ Resource }) => Resource);
  const group = [sub('arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:vpcFlowLogs:*')];
  const role = (name: string) => sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}`);
  expect(await resources(flowLogs)).toEqual([[role('vpcFlowLogDelivery')], group]);
  expect(await resources(flowLogs, other)).toEqual([[role('other'), role('vpcFlowLogDelivery')], group]);
  expect(await resources(flowLogs, other, wide)).toEqual([[role('*')], group]);
});

test('the conditions of an action, here; none where another bot needs it without', async () => {
  const where = { 'iam:PassRole': { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } } };
  const bot = { read: [], write: ['iam:PassRole'], undo: [], where };
  const conditions = async (...bots: Permissions[]) =>
    (await statementsFor(['iam:PassRole'], confinedBy(bots))).map(({ Condition }) => Condition);
  expect(await conditions(bot, bot)).toEqual([where['iam:PassRole']]);
  expect(await conditions(bot, { read: [], write: ['iam:PassRole'], undo: [] })).toEqual([undefined]);
  const arn = { ArnEquals: { 'iam:PolicyARN': 'arn:${Partition}:iam::${Account}:policy/deny' } };
  const attach = {
    read: [],
    write: ['iam:AttachRolePolicy'],
    undo: [],
    where: { 'iam:AttachRolePolicy': arn },
  };
  const [statement] = await statementsFor(attach.write, confinedBy([attach]));
  expect(statement?.Condition).toEqual({
    ArnEquals: { 'iam:PolicyARN': [sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/deny')] },
  });
});

test('each action once, those on the same resources in one statement', async () => {
  const actions = ['kms:GetKeyRotationStatus', 'ec2:DescribeInstances', 'kms:DescribeKey', 'kms:DescribeKey'];
  const statements = await statementsFor(actions);
  expect(statements.map(({ Action }) => Action)).toEqual([
    ['ec2:DescribeInstances'],
    ['kms:DescribeKey', 'kms:GetKeyRotationStatus'],
  ]);
});

test('the managed policies of AWS itself may be read too', async () => {
  const resources = async (action: string) => (await statementsFor([action])).map(({ Resource }) => Resource);
  const own = sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*');
  expect(await resources('iam:GetPolicy')).toEqual([[own, sub('arn:${AWS::Partition}:iam::aws:policy/*')]]);
  expect(await resources('iam:CreatePolicy')).toEqual([[own]]);
});

test('no actions: no statement, which IAM would refuse', async () => {
  expect(await statementsFor([])).toEqual([]);
});

test('nothing of IAM’s own placeholders is left', async () => {
  const actions = [
    's3:PutBucketAcl',
    's3:GetObject',
    'iam:UpdateAccessKey',
    'lambda:InvokeFunction',
    'rds:StopDBInstance',
  ];
  const text = JSON.stringify(await statementsFor(actions));
  const left = [...text.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name);
  expect(new Set(left)).toEqual(new Set(['AWS::Partition', 'AWS::AccountId']));
});

test.each(['kms:EnableKeyRotaton', 'nothing:Here', 'kms:*', 'kms', ''])(
  '%j is not an action of IAM',
  async (action) => {
    await expect(statementsFor([action])).rejects.toThrow(`${action} is not an action of IAM`);
  },
);
