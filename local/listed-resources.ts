import {
  EC2Client,
  paginateDescribeNetworkAcls,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { ECRClient, GetRepositoryPolicyCommand, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import {
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  paginateListUserPolicies,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import { GetPolicyCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import {
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBSnapshotAttributesCommand,
  RDSClient,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBInstances,
  paginateDescribeDBSnapshots,
} from '@aws-sdk/client-rds';
import { RedshiftClient, paginateDescribeClusters } from '@aws-sdk/client-redshift';
import {
  GetResourcePolicyCommand,
  SecretsManagerClient,
  paginateListSecrets,
} from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient, paginateListTopics } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient, paginateListQueues } from '@aws-sdk/client-sqs';
import { DescribeDocumentPermissionCommand, SSMClient, paginateListDocuments } from '@aws-sdk/client-ssm';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import { type Lister, type Recorded, asConfigWrites, orMissing } from './recording';

interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

type Pages<T> = AsyncIterable<readonly T[]>;

/** What Config writes of a resource beside its configuration. */
type Named = Pick<Recorded, 'id' | 'arn'> & { readonly name?: string | undefined };

/**
 * Types that are recorded by what their lists say, and by the policy or permissions that stand beside them. AWS Config
 * does not record all of that: a change that only the stand-in sees is seen sooner here than on AWS.
 */
export function moreListers(settings: Settings, accountId: string): Record<string, Lister> {
  const { region } = settings;
  const [ec2, iam, lambda, rds] = [
    new EC2Client(settings),
    new IAMClient(settings),
    new LambdaClient(settings),
    new RDSClient(settings),
  ];
  const [secrets, sns, ssm] = [
    new SecretsManagerClient(settings),
    new SNSClient(settings),
    new SSMClient(settings),
  ];
  const [ecr, redshift] = [new ECRClient(settings), new RedshiftClient(settings)];
  const sqs = new SQSClient({ ...settings, ...SQS_DEFAULTS });
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`;
  const inEc2 = (kind: string, id = '') => ({ id, arn: arn('ec2', `${kind}/${id}`) });
  return {
    'AWS::EC2::NetworkAcl': recorded(
      pagesOf(
        () => paginateDescribeNetworkAcls({ client: ec2 }, {}),
        (page) => page.NetworkAcls,
      ),
      ({ NetworkAclId }) => inEc2('network-acl', NetworkAclId),
    ),
    'AWS::EC2::Subnet': recorded(
      pagesOf(
        () => paginateDescribeSubnets({ client: ec2 }, {}),
        (page) => page.Subnets,
      ),
      ({ SubnetId }) => inEc2('subnet', SubnetId),
    ),
    'AWS::EC2::VPC': recorded(
      pagesOf(
        () => paginateDescribeVpcs({ client: ec2 }, {}),
        (page) => page.Vpcs,
      ),
      ({ VpcId }) => inEc2('vpc', VpcId),
    ),
    'AWS::ECR::Repository': recorded(
      pagesOf(
        () => paginateDescribeRepositories({ client: ecr }, {}),
        (page) => page.repositories,
      ),
      ({ repositoryName: id = '', repositoryArn = '' }) => ({ id, name: id, arn: repositoryArn }),
      async ({ repositoryName }) => orMissing(ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))),
    ),
    'AWS::IAM::User': recorded(
      pagesOf(
        () => paginateListUsers({ client: iam }, {}),
        (page) => page.Users,
      ),
      ({ UserId: id = '', UserName, Arn = '' }) => ({ id, name: UserName, arn: Arn }),
      async ({ UserName }) => ({
        keys: (await iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata,
        userPolicyList: await inlinePolicies(iam, UserName),
      }),
    ),
    'AWS::Lambda::Function': recorded(
      pagesOf(
        () => paginateListFunctions({ client: lambda }, {}),
        (page) => page.Functions,
      ),
      ({ FunctionName: id = '', FunctionArn = '' }) => ({ id, name: id, arn: FunctionArn }),
      async ({ FunctionName }) => orMissing(lambda.send(new GetPolicyCommand({ FunctionName }))),
    ),
    'AWS::RDS::DBClusterSnapshot': recorded(
      pagesOf(
        () => paginateDescribeDBClusterSnapshots({ client: rds }, {}),
        (page) => page.DBClusterSnapshots,
      ),
      ({ DBClusterSnapshotIdentifier: id = '', DBClusterSnapshotArn = '' }) => ({
        id,
        name: id,
        arn: DBClusterSnapshotArn,
      }),
      async ({ DBClusterSnapshotIdentifier }) =>
        orMissing(rds.send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier }))),
    ),
    'AWS::RDS::DBInstance': recorded(
      pagesOf(
        () => paginateDescribeDBInstances({ client: rds }, {}),
        (page) => page.DBInstances,
      ),
      // Config's id is the one that never changes, the name the one that the API takes.
      ({ DbiResourceId: id = '', DBInstanceIdentifier, DBInstanceArn = '' }) => ({
        id,
        name: DBInstanceIdentifier,
        arn: DBInstanceArn,
      }),
    ),
    'AWS::RDS::DBSnapshot': recorded(
      pagesOf(
        () => paginateDescribeDBSnapshots({ client: rds }, {}),
        (page) => page.DBSnapshots,
      ),
      ({ DBSnapshotIdentifier: id = '', DBSnapshotArn = '' }) => ({ id, name: id, arn: DBSnapshotArn }),
      async ({ DBSnapshotIdentifier }) =>
        orMissing(rds.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier }))),
    ),
    'AWS::Redshift::Cluster': recorded(
      pagesOf(
        () => paginateDescribeClusters({ client: redshift }, {}),
        (page) => page.Clusters,
      ),
      ({ ClusterIdentifier: id = '' }) => ({ id, name: id, arn: arn('redshift', `cluster:${id}`) }),
    ),
    'AWS::SecretsManager::Secret': recorded(
      pagesOf(
        () => paginateListSecrets({ client: secrets }, {}),
        (page) => page.SecretList,
      ),
      ({ ARN: id = '', Name }) => ({ id, name: Name, arn: id }),
      async ({ ARN }) => orMissing(secrets.send(new GetResourcePolicyCommand({ SecretId: ARN }))),
    ),
    'AWS::SNS::Topic': recorded(
      pagesOf(
        () => paginateListTopics({ client: sns }, {}),
        (page) => page.Topics,
      ),
      ({ TopicArn: id = '' }) => ({ id, name: id.split(':').at(-1), arn: id }),
      async ({ TopicArn }) => orMissing(sns.send(new GetTopicAttributesCommand({ TopicArn }))),
    ),
    'AWS::SQS::Queue': recorded(
      pagesOf(
        () => paginateListQueues({ client: sqs }, {}),
        (page) => page.QueueUrls,
      ),
      (id) => ({ id, name: id.split('/').at(-1), arn: arn('sqs', id.split('/').at(-1) ?? '') }),
      // The counts of its messages change all the time, and Config does not look at them.
      async (QueueUrl) =>
        orMissing(sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))),
    ),
    'AWS::SSM::Document': recorded(
      pagesOf(
        () => paginateListDocuments({ client: ssm }, { Filters: [{ Key: 'Owner', Values: ['Self'] }] }),
        (page) => page.DocumentIdentifiers,
      ),
      ({ Name: id = '' }) => ({ id, name: id, arn: arn('ssm', `document/${id}`) }),
      async ({ Name }) =>
        orMissing(ssm.send(new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share' }))),
    ),
  };
}

async function inlinePolicies(client: IAMClient, UserName: string | undefined): Promise<unknown[]> {
  const documents: unknown[] = [];
  for await (const { PolicyNames } of paginateListUserPolicies({ client }, { UserName })) {
    for (const PolicyName of PolicyNames ?? []) {
      const found = await orMissing(client.send(new GetUserPolicyCommand({ UserName, PolicyName })));
      documents.push({ PolicyName, PolicyDocument: found?.PolicyDocument });
    }
  }
  return documents;
}

/** The items of a paginated list, from its beginning each time. */
function pagesOf<P, T>(
  paginate: () => AsyncIterable<P>,
  items: (page: P) => readonly T[] | undefined,
): () => Pages<T> {
  return async function* () {
    for await (const page of paginate()) yield items(page) ?? [];
  };
}

/** One listing of a type: what is listed, what it is called, and what must be asked for beside it. */
function recorded<T>(
  pages: () => Pages<T>,
  name: (listed: T) => Named,
  beside?: (listed: T) => Promise<object | undefined>,
): Lister {
  return async () => {
    const found: Recorded[] = [];
    for await (const page of pages()) {
      for (const listed of page) {
        const { id, arn, name: called } = name(listed);
        const { $metadata: _, ...more } = { $metadata: {}, ...(await beside?.(listed)) };
        found.push({
          id,
          arn,
          ...(called !== undefined && { name: called }),
          configuration: typeof listed === 'object' ? asConfigWrites(listed) : {},
          ...(beside && { supplementary: asConfigWrites(more) }),
          tags: {},
        });
      }
    }
    return found;
  };
}
