import { CreateTableCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand as CreatePolicyOfOrganizationCommand,
  DetachPolicyCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { catalogue } from '../functions/remediators/catalogue';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import type { Client } from '../shared/bot/bot';
import { adviceFor } from '../shared/bot/refusals';
import { type Account, newAccount } from '../testing/account';
import listedAlone from './aws/by-action-alone.json';

const DENIED = /is not authorized to perform/;

/** Clients whose session may do this alone. */
async function confined(account: Account, ...statements: object[]): Promise<Account['client']> {
  const Statement = statements.map((one) => ({ Effect: 'Allow', ...one }));
  return account.confined(JSON.stringify({ Version: '2012-10-17', Statement }));
}

describe('an input is refused as AWS refuses it', () => {
  const refused: [string, (account: Account) => Promise<unknown>, object][] = [
    [
      'a number out of its range',
      async (account) =>
        account.client(KMSClient).send(new EnableKeyRotationCommand({ KeyId: 'a', RotationPeriodInDays: 5 })),
      {
        name: 'ValidationException',
        message:
          "1 validation error detected: Value '5' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value greater than or equal to 90",
      },
    ],
    [
      'a member that is missing',
      async (account) => account.client(KMSClient).send(new EnableKeyRotationCommand({} as never)),
      { name: 'ValidationException', message: expect.stringContaining("Value null at 'keyId'") },
    ],
    [
      'a name that does not fit its pattern, without the value in IAM’s words',
      async (account) => account.client(IAMClient).send(new CreateUserCommand({ UserName: 'two words' })),
      {
        name: 'ValidationError',
        message: expect.stringMatching(/^1 validation error detected: Value at 'userName' .*pattern/),
      },
    ],
    [
      'a word that the enumeration does not know',
      async (account) => account.client(KMSClient).send(new CreateKeyCommand({ KeySpec: 'ROT13' as never })),
      {
        name: 'ValidationException',
        message: expect.stringContaining('Member must satisfy enum value set: ['),
      },
    ],
    [
      'a text that is too long, within a list',
      async (account) =>
        account
          .client(KMSClient)
          .send(new CreateKeyCommand({ Tags: [{ TagKey: 'k'.repeat(129), TagValue: '' }] })),
      { message: expect.stringContaining("at 'tags.1.member.tagKey'") },
    ],
  ];
  test.each(refused)('%s', async (_, call, error) => {
    await expect(call(await newAccount())).rejects.toMatchObject(error);
  });
});

describe('a session may do to a resource what its policy says of that resource', () => {
  test('a key by id, ARN or alias, and no other', async () => {
    const account = await newAccount();
    const make = async () => (await account.client(KMSClient).send(new CreateKeyCommand({}))).KeyMetadata;
    const [own, other] = [await make(), await make()];
    const AliasName = 'alias/own';
    await account
      .client(KMSClient)
      .send(new CreateAliasCommand({ AliasName, TargetKeyId: own?.KeyId ?? '' }));
    const kms = (await confined(account, { Action: 'kms:Describe*', Resource: own?.Arn }))(KMSClient);
    for (const KeyId of [own?.KeyId, own?.Arn, AliasName]) {
      await expect(kms.send(new DescribeKeyCommand({ KeyId }))).resolves.toBeDefined();
    }
    for (const KeyId of [other?.KeyId, other?.Arn, 'alias/other']) {
      await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toThrow(DENIED);
    }
    await expect(kms.send(new EnableKeyRotationCommand({ KeyId: own?.KeyId }))).rejects.toThrow(DENIED);
  });

  test('a security group; and what has no resource level needs *', async () => {
    const account = await newAccount();
    const make = async (GroupName: string) => {
      const command = new CreateSecurityGroupCommand({ GroupName, Description: GroupName });
      return (await account.client(EC2Client).send(command)).GroupId ?? '';
    };
    const [own, other] = [await make('own'), await make('other')];
    const Resource = `arn:aws:ec2:${account.region}:${account.account}:security-group/${own}`;
    const ec2 = (await confined(account, { Action: 'ec2:*', Resource }))(EC2Client);
    await expect(ec2.send(new DescribeSecurityGroupsCommand({}))).rejects.toThrow(DENIED);
    await expect(ec2.send(new DeleteSecurityGroupCommand({ GroupId: other }))).rejects.toThrow(DENIED);
    await expect(ec2.send(new DeleteSecurityGroupCommand({ GroupId: own }))).resolves.toBeDefined();
  });

  test('a queue by its URL, in batches too; a bucket', async () => {
    const account = await newAccount();
    const credentials = account.client(SQSClient).config.credentials;
    const admin = new SQSClient({ ...SQS_DEFAULTS, region: account.region, credentials });
    const { QueueUrl = '' } = await admin.send(new CreateQueueCommand({ QueueName: 'own' }));
    const arn = `arn:aws:sqs:${account.region}:${account.account}:own`;
    const narrow = await confined(
      account,
      { Action: 'sqs:SendMessage', Resource: arn },
      { Action: 's3:GetBucketAcl', Resource: 'arn:aws:s3:::own-*' },
    );
    const sqs = new SQSClient({
      ...SQS_DEFAULTS,
      region: account.region,
      credentials: narrow(SQSClient).config.credentials,
    });
    const Entries = [{ Id: '1', MessageBody: 'x' }];
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).resolves.toBeDefined();
    await expect(sqs.send(new GetQueueAttributesCommand({ QueueUrl }))).rejects.toThrow(DENIED);
    const acl = async (Bucket: string) => narrow(S3Client).send(new GetBucketAclCommand({ Bucket }));
    await expect(acl(`own-${account.account}`)).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(acl(`other-${account.account}`)).rejects.toThrow(DENIED);
  });

  test('a user by its name, whose ARN has a path; and a deny outweighs what allows', async () => {
    const account = await newAccount();
    await account.client(IAMClient).send(new CreateUserCommand({ UserName: 'own', Path: '/people/' }));
    const user = (path: string) => `arn:aws:iam::${account.account}:user/${path}`;
    const put = new PutUserPolicyCommand({ UserName: 'own', PolicyName: 'p', PolicyDocument: '{}' });
    const without = await confined(account, { Action: 'iam:*', Resource: user('own') });
    await expect(without(IAMClient).send(put)).rejects.toThrow(DENIED);
    const withPath = await confined(
      account,
      { Action: 'iam:*', Resource: user('*/own') },
      { Effect: 'Deny', Action: 'iam:Put*', Resource: '*' },
    );
    await expect(withPath(IAMClient).send(put)).rejects.toThrow(DENIED);
    await expect(withPath(IAMClient).send(new DeleteUserCommand({ UserName: 'own' }))).resolves.toBeDefined();
  });
});

describe('rights that hang on the input', () => {
  test('a bucket with ownership controls needs the right to put them', async () => {
    const account = await newAccount();
    const s3 = (await confined(account, { Action: 's3:CreateBucket', Resource: '*' }))(S3Client);
    const input = {
      Bucket: `own-${account.account}`,
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const },
    };
    await expect(
      s3.send(new CreateBucketCommand({ ...input, ObjectOwnership: 'BucketOwnerEnforced' })),
    ).rejects.toThrow('s3:PutBucketOwnershipControls');
    await expect(s3.send(new CreateBucketCommand(input))).resolves.toBeDefined();
  });

  test('tags while something is made need the right to make tags, which ec2:CreateAction confines to that', async () => {
    const account = await newAccount();
    const make = new CreateSecurityGroupCommand({
      GroupName: 'own',
      Description: 'own',
      TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'k', Value: 'v' }] }],
    });
    const create = { Action: 'ec2:CreateSecurityGroup', Resource: '*' };
    const alone = (await confined(account, create))(EC2Client);
    await expect(alone.send(make)).rejects.toThrow('ec2:CreateTags');
    const Condition = { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } };
    const both = (await confined(account, create, { Action: 'ec2:CreateTags', Resource: '*', Condition }))(
      EC2Client,
    );
    const { GroupId = '' } = await both.send(make);
    const retag = new CreateTagsCommand({ Resources: [GroupId], Tags: [{ Key: 'k', Value: 'other' }] });
    await expect(both.send(retag)).rejects.toThrow(DENIED);
  });
});

describe('conditions', () => {
  test('a policy by its ARN, tags of the request by key and value, partition keys', async () => {
    const account = await newAccount();
    await account.client(IAMClient).send(new CreateUserCommand({ UserName: 'own' }));
    await account.client(DynamoDBClient).send(
      new CreateTableCommand({
        TableName: 'journal',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const narrow = await confined(
      account,
      {
        Action: 'iam:AttachUserPolicy',
        Resource: '*',
        Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AWSDenyAll' } },
      },
      {
        Action: ['iam:CreateRole', 'iam:TagRole'],
        Resource: '*',
        Condition: {
          StringLike: { 'aws:RequestTag/selfheal': 'iam_*' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['selfheal'] },
        },
      },
      {
        Action: 'dynamodb:PutItem',
        Resource: '*',
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['own/*'] } },
      },
    );
    const attach = async (PolicyArn: string) =>
      narrow(IAMClient).send(new AttachUserPolicyCommand({ UserName: 'own', PolicyArn }));
    await expect(attach('arn:aws:iam::aws:policy/AdministratorAccess')).rejects.toThrow(DENIED);

    const role = async (...Tags: { Key: string; Value: string }[]) =>
      narrow(IAMClient).send(
        new CreateRoleCommand({
          RoleName: 'own',
          AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
          Tags,
        }),
      );
    await expect(role()).rejects.toThrow(DENIED);
    await expect(role({ Key: 'selfheal', Value: 'sg_delete' })).rejects.toThrow(DENIED);
    await expect(role({ Key: 'selfheal', Value: 'iam_a' }, { Key: 'owner', Value: 'me' })).rejects.toThrow(
      DENIED,
    );
    await expect(role({ Key: 'selfheal', Value: 'iam_a' })).resolves.toBeDefined();

    const put = async (id: string) =>
      narrow(DynamoDBClient).send(new PutItemCommand({ TableName: 'journal', Item: { id: { S: id } } }));
    await expect(put('own/1')).resolves.toBeDefined();
    await expect(put('other/1')).rejects.toThrow(DENIED);
  });

  test('a right on an index is one on that index, and not on its table', async () => {
    const account = await newAccount();
    const keys = (name: string) => [{ AttributeName: name, KeyType: 'HASH' as const }];
    await account.client(DynamoDBClient).send(
      new CreateTableCommand({
        TableName: 'journal',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['id', 'all', 'own'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        KeySchema: keys('id'),
        GlobalSecondaryIndexes: ['all', 'own'].map((IndexName) => ({
          IndexName,
          KeySchema: keys(IndexName),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
    );
    const narrow = await confined(account, {
      Action: 'dynamodb:Query',
      Resource: `arn:aws:dynamodb:*:${account.account}:table/journal/index/all`,
    });
    const query = async (name: string, IndexName?: string) =>
      narrow(DynamoDBClient).send(
        new QueryCommand({
          TableName: 'journal',
          ...(IndexName && { IndexName }),
          KeyConditionExpression: '#k = :v',
          ExpressionAttributeNames: { '#k': name },
          ExpressionAttributeValues: { ':v': { S: 'x' } },
        }),
      );
    await expect(query('all', 'all')).resolves.toBeDefined();
    await expect(query('own', 'own')).rejects.toThrow(DENIED);
    await expect(query('id')).rejects.toThrow(DENIED);
  });
});

describe('what bounds a role from outside', () => {
  const anything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  const documentOf = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

  test('a permissions boundary: what it does not allow is not allowed, whatever the role’s policies say', async () => {
    const account = await newAccount();
    const iam = account.client(IAMClient);
    const PolicyDocument = documentOf(
      { ...anything, Action: ['kms:*', 'sqs:*'] },
      { ...anything, Effect: 'Deny', Action: 'kms:EnableKeyRotation' },
    );
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument }));
    const bound = { RoleName: 'bot', AssumeRolePolicyDocument: trust, PermissionsBoundary: Policy?.Arn };
    await iam.send(new CreateRoleCommand(bound));
    const own = { RoleName: 'bot', PolicyName: 'own', PolicyDocument: documentOf(anything) };
    await iam.send(new PutRolePolicyCommand(own));
    const kms = await sessionOf(account.account, 'bot', KMSClient);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const rotate = new EnableKeyRotationCommand({ KeyId: KeyMetadata?.KeyId });
    const { name, message } = (await kms.send(rotate).catch((error: unknown) => error)) as Error;
    expect(message).toMatch(/with an explicit deny in a permissions boundary$/);
    expect(adviceFor({ code: name, message })).toMatch(/^the permissions boundary of selfheal's role/);
    const s3 = await sessionOf(account.account, 'bot', S3Client);
    await expect(s3.send(new ListBucketsCommand({}))).rejects.toThrow(
      /because no permissions boundary allows the s3:ListAllMyBuckets action$/,
    );
  });

  test('service control policies: of the root, the units and the account, each must allow', async () => {
    const manager = await newAccount();
    const organizations = manager.client(OrganizationsClient);
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const { Roots } = await organizations.send(new ListRootsCommand({}));
    const Root = Roots?.[0]?.Id ?? '';
    const { OrganizationalUnit } = await organizations.send(
      new CreateOrganizationalUnitCommand({ Name: 'production', ParentId: Root }),
    );
    const unit = OrganizationalUnit?.Id ?? '';
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: 'member', Email: 'member@example.com' }),
    );
    const member = CreateAccountStatus?.AccountId ?? '';
    await organizations.send(
      new MoveAccountCommand({ AccountId: member, SourceParentId: Root, DestinationParentId: unit }),
    );
    const attach = async (TargetId: string, ...Statement: object[]) => {
      const { Policy } = await organizations.send(
        new CreatePolicyOfOrganizationCommand({
          ...{ Name: TargetId, Description: '', Type: 'SERVICE_CONTROL_POLICY' },
          Content: documentOf(...Statement),
        }),
      );
      await organizations.send(new AttachPolicyCommand({ TargetId, PolicyId: Policy?.PolicySummary?.Id }));
    };
    const kms = await sessionOf(member, 'bot', KMSClient);
    const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId;
    await attach(unit, anything, { ...anything, Effect: 'Deny', Action: 'kms:EnableKeyRotation' });
    const refusal = await kms.send(new EnableKeyRotationCommand({ KeyId })).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/with an explicit deny in a service control policy$/),
    });
    // A bot gives up at once, and says what to do.
    const { name, message } = refusal as Error;
    expect(adviceFor({ code: name, message })).toMatch(/^a policy of the organization forbids it/);
    expect(await kms.send(new DescribeKeyCommand({ KeyId }))).toBeDefined();
    await attach(member, { ...anything, Action: 'sqs:*' });
    await organizations.send(new DetachPolicyCommand({ TargetId: member, PolicyId: 'p-FullAWSAccess' }));
    await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toThrow(
      /because no service control policy allows the kms:DescribeKey action$/,
    );
    // The management account is bound by none.
    await attach(manager.account, { ...anything, Effect: 'Deny' });
    const free = await sessionOf(manager.account, 'bot', KMSClient);
    expect(await free.send(new CreateKeyCommand({}))).toBeDefined();
  });

  test('a key that may be used through a service only is not used directly', async () => {
    const account = await newAccount();
    const Description = await account.client(KMSClient).send(new CreateKeyCommand({}));
    const KmsKeyId = Description.KeyMetadata?.Arn;
    const secrets = account.client(SecretsManagerClient);
    const { ARN } = await secrets.send(new CreateSecretCommand({ Name: 'db', SecretString: 'x' }));
    const Condition = { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } };
    const through = await confined(
      account,
      { Action: 'secretsmanager:UpdateSecret', Resource: '*' },
      { Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*', Condition },
    );
    const update = new UpdateSecretCommand({ SecretId: ARN, KmsKeyId });
    expect(await through(SecretsManagerClient).send(update)).toBeDefined();
    const Plaintext = Buffer.from('x');
    await expect(through(KMSClient).send(new EncryptCommand({ KeyId: KmsKeyId, Plaintext }))).rejects.toThrow(
      DENIED,
    );
    const other = { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } };
    const elsewhere = await confined(
      account,
      { Action: 'secretsmanager:UpdateSecret', Resource: '*' },
      { Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*', Condition: other },
    );
    await expect(elsewhere(SecretsManagerClient).send(update)).rejects.toThrow(/perform: kms:/);
  });

  test('where a bucket lies, S3 tells also those who may not read it', async () => {
    const account = await newAccount();
    const Bucket = `bucket-${account.account}`;
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
    await account
      .client(S3Client, 'eu-central-1')
      .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const stranger = await confined(account, { Action: 'sqs:ListQueues', Resource: '*' });
    const error: unknown = await stranger(S3Client)
      .send(new HeadBucketCommand({ Bucket }))
      .catch((each: unknown) => each);
    expect(error).toMatchObject({
      $metadata: { httpStatusCode: 403 },
      $response: { headers: { 'x-amz-bucket-region': 'eu-central-1' } },
    });
  });
});

/** A client with a session of a role, with all that the role may. */
async function sessionOf<T extends Client>(
  account: string,
  role: string,
  Class: new (config: never) => T,
): Promise<T> {
  const RoleArn = `arn:aws:iam::${account}:role/${role}`;
  const region = 'eu-west-1';
  const { Credentials: keys } = await new STSClient({ region }).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }),
  );
  const credentials = {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
  return new Class({ region, credentials } as never);
}

test('of the rights that bots hold, these alone are not judged to the resource', async () => {
  const answer = await fetch(`${process.env.AWS_ENDPOINT_URL ?? ''}/selfheal/by-action-alone`);
  const held = new Set(catalogue.flatMap(({ permissions: { read, write } }) => [...read, ...write]));
  const alone = (actions: readonly string[]) => actions.filter((action) => held.has(action));
  expect(alone((await answer.json()) as string[])).toEqual(alone(listedAlone));
});
