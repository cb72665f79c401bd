import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DescribeConfigRulesCommand,
} from '@aws-sdk/client-config-service';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetBucketVersioningCommand, GetPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Account, newAccount } from '../testing/account';

const STACK = 'installation';

let account: Account;

beforeEach(async () => {
  account = await newAccount();
});

/** What `serverless deploy` sends: a change set that is executed. */
async function deploy(resources: object): Promise<void> {
  const client = account.client(CloudFormationClient);
  const ChangeSetName = `changes-${Date.now()}`;
  const TemplateBody = JSON.stringify({ Resources: resources });
  await client.send(
    new CreateChangeSetCommand({ StackName: STACK, ChangeSetName, ChangeSetType: 'UPDATE', TemplateBody }),
  );
  await client.send(new ExecuteChangeSetCommand({ StackName: STACK, ChangeSetName }));
}

async function create(resources: object): Promise<void> {
  const TemplateBody = JSON.stringify({ Resources: resources });
  await account
    .client(CloudFormationClient)
    .send(new CreateStackCommand({ StackName: STACK, TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] }));
}

async function rules(): Promise<(string | undefined)[]> {
  const { ConfigRules = [] } = await account
    .client(ConfigServiceClient)
    .send(new DescribeConfigRulesCommand({}));
  return ConfigRules.map(({ ConfigRuleName }) => ConfigRuleName).sort();
}

const isThere = async (looked: Promise<unknown>) =>
  looked.then(
    () => true,
    () => false,
  );

function rule(name: string): object {
  return {
    Type: 'AWS::Config::ConfigRule',
    Properties: {
      ConfigRuleName: name,
      Source: { Owner: 'AWS', SourceIdentifier: 'S3_BUCKET_VERSIONING_ENABLED' },
    },
  };
}

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** A posture bot, as far as it is one of everything that a template has of it. */
function bot(name: string): Record<string, object> {
  const [role, made, queue] = [`${name}Role`, `${name}Function`, `${name}Queue`];
  return {
    [role]: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: `role-${name}`, AssumeRolePolicyDocument: TRUST },
    },
    [`${name}Logs`]: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: `/aws/lambda/bot-${name}` } },
    [made]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: `bot-${name}`,
        ...{ Handler: 'index.handler', Runtime: 'nodejs22.x', Code: { ZipFile: 'exports.handler = 1' } },
        Role: { 'Fn::GetAtt': [role, 'Arn'] },
      },
    },
    // Deleted behind its function it is gone already.
    [`${name}Retries`]: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: made }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
    },
    [queue]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `queue-${name}` } },
    [`${name}QueuePolicy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: queue }], PolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
    [`${name}Alarm`]: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...{ AlarmName: `alarm-${name}`, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1 },
        ...{ MetricName: 'Errors', Namespace: 'AWS/Lambda', Period: 60, Statistic: 'Sum', Threshold: 1 },
      },
    },
    [`${name}Rule`]: rule(`rule-${name}`),
  };
}

async function standing(name: string): Promise<boolean[]> {
  return Promise.all(
    [
      account.client(LambdaClient).send(new GetFunctionCommand({ FunctionName: `bot-${name}` })),
      account.client(IAMClient).send(new GetRoleCommand({ RoleName: `role-${name}` })),
      account.client(SQSClient).send(new GetQueueUrlCommand({ QueueName: `queue-${name}` })),
    ].map(isThere),
  );
}

test('a posture bot is taken out of a stack, with all that it is made of, and comes back', async () => {
  await create({ ...bot('one'), ...bot('two') });
  expect(await rules()).toEqual(['rule-one', 'rule-two']);

  await deploy(bot('one'));
  expect(await rules()).toEqual(['rule-one']);
  expect(await standing('one')).toEqual([true, true, true]);
  expect(await standing('two')).toEqual([false, false, false]);

  await deploy({ ...bot('one'), ...bot('two') });
  expect(await rules()).toEqual(['rule-one', 'rule-two']);
  expect(await standing('two')).toEqual([true, true, true]);

  await deploy({ ...bot('two'), OtherRule: rule('rule-three') });
  expect(await rules()).toEqual(['rule-three', 'rule-two']);
  const { StackResources = [] } = await account
    .client(CloudFormationClient)
    .send(new DescribeStackResourcesCommand({ StackName: STACK }));
  expect(StackResources.map(({ LogicalResourceId }) => LogicalResourceId).sort()).toEqual(
    [...Object.keys(bot('two')), 'OtherRule'].sort(),
  );

  await account.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: STACK }));
  expect(await rules()).toEqual([]);
  expect(await standing('two')).toEqual([false, false, false]);
});

test('what somebody deleted by hand is no obstacle; what is to be retained stays', async () => {
  const kept = { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain', Properties: { QueueName: 'queue-kept' } };
  await create({ Kept: kept, A: rule('a'), B: rule('b') });
  await account.client(ConfigServiceClient).send(new DeleteConfigRuleCommand({ ConfigRuleName: 'a' }));
  await account.client(CloudFormationClient).send(
    new UpdateStackCommand({
      StackName: STACK,
      TemplateBody: JSON.stringify({ Resources: { B: rule('b') } }),
    }),
  );
  expect(await rules()).toEqual(['b']);
  expect(await standing('kept')).toEqual([false, false, true]);
});

test('a bucket is as its template says', async () => {
  const Bucket = `bucket-${account.account}`;
  const PublicAccessBlockConfiguration = {
    ...{ BlockPublicAcls: true, BlockPublicPolicy: true },
    ...{ IgnorePublicAcls: true, RestrictPublicBuckets: true },
  };
  const VersioningConfiguration = { Status: 'Enabled' };
  const Properties = { BucketName: Bucket, PublicAccessBlockConfiguration, VersioningConfiguration };
  await create({ Bucket: { Type: 'AWS::S3::Bucket', Properties } });
  const s3 = account.client(S3Client);
  expect(await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).toMatchObject({
    PublicAccessBlockConfiguration,
  });
  expect(await s3.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject(VersioningConfiguration);
});
