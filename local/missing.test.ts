import { CloudFrontClient, ListTrustStoresCommand } from '@aws-sdk/client-cloudfront';
import { DescribeVerifiedAccessGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeTrustStoreAssociationsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetOrganizationsAccessReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeCustomKeyStoresCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
} from '@aws-sdk/client-lambda';
import { AccessAnalyzerClient, ListArchiveRulesCommand } from '@aws-sdk/client-accessanalyzer';

interface Case {
  readonly ask: () => Promise<unknown>;
  readonly said: string;
}

const cases: readonly Case[] = [
  {
    ask: () => new EC2Client().send(new DescribeVerifiedAccessGroupsCommand()),
    said: 'ec2:DescribeVerifiedAccessGroups',
  },
  {
    ask: () => new IAMClient().send(new GetOrganizationsAccessReportCommand({ JobId: '0'.repeat(36) })),
    said: 'iam:GetOrganizationsAccessReport',
  },
  {
    ask: () => new CloudFrontClient().send(new ListTrustStoresCommand()),
    said: 'cloudfront:ListTrustStores',
  },
  {
    ask: () => new KMSClient().send(new DescribeCustomKeyStoresCommand()),
    said: 'kms:DescribeCustomKeyStores',
  },
  {
    ask: () =>
      new LambdaClient().send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName: 'orders' })),
    said: 'lambda:ListProvisionedConcurrencyConfigs',
  },
  {
    ask: () => new AccessAnalyzerClient().send(new ListArchiveRulesCommand({ analyzerName: 'selfheal' })),
    said: 'access-analyzer:ListArchiveRules',
  },
  {
    ask: () =>
      new ElasticLoadBalancingV2Client().send(
        new DescribeTrustStoreAssociationsCommand({ TrustStoreArn: 'arn:of-a-trust-store' }),
      ),
    said: 'elasticloadbalancing:DescribeTrustStoreAssociations',
  },
];

test.each(cases)('an operation that moto lacks is named: $said', async ({ ask, said }) => {
  await expect(ask()).rejects.toMatchObject({
    name: 'NotImplemented',
    message: `moto has no ${said}`,
    $metadata: { httpStatusCode: 501 },
  });
});

test('what is not found, the service itself says', async () => {
  const gone = new LambdaClient().send(new GetFunctionConcurrencyCommand({ FunctionName: 'gone' }));
  await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
