/** There is room for 210 bots: today's, and as many more as are planned, of services and with actions that AWS has. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { catalogue as today } from '../functions/remediators/catalogue';
import type { AnyBot } from '../shared/bot/bot';
import type { CatalogueEntry } from '../shared/catalogue';
import type { Accounts } from '../shared/accounts';
import { cfnLint } from '../test/cfn-lint';
import { enabling } from '../testing/entry';
import { refusals } from './limits';
import { memberTemplate } from './member-template';
import { type Template, nest } from './nested';
import { stackOf } from './stack';
import { pascal } from './template';

const ALL = 210;
/** What settings of the type are read and written with. */
const PLANNED: readonly (readonly [type: `AWS::${string}::${string}`, read: string[], write: string[]])[] = [
  ['AWS::RDS::DBInstance', ['rds:DescribeDBInstances'], ['rds:ModifyDBInstance']],
  ['AWS::RDS::DBCluster', ['rds:DescribeDBClusters'], ['rds:ModifyDBCluster']],
  [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeLoadBalancerAttributes'],
    ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
  ],
  [
    'AWS::DynamoDB::Table',
    ['dynamodb:DescribeTable', 'dynamodb:DescribeContinuousBackups'],
    ['dynamodb:UpdateTable'],
  ],
  [
    'AWS::CloudTrail::Trail',
    ['cloudtrail:GetTrail', 'cloudtrail:GetTrailStatus'],
    ['cloudtrail:UpdateTrail'],
  ],
  ['AWS::Elasticsearch::Domain', ['es:DescribeElasticsearchDomain'], ['es:UpdateElasticsearchDomainConfig']],
  ['AWS::CloudFront::Distribution', ['cloudfront:GetDistributionConfig'], ['cloudfront:UpdateDistribution']],
  ['AWS::EKS::Cluster', ['eks:DescribeCluster'], ['eks:UpdateClusterConfig']],
  ['AWS::ECS::Cluster', ['ecs:DescribeClusters'], ['ecs:UpdateClusterSettings']],
  ['AWS::Lambda::Function', ['lambda:GetFunctionConfiguration'], ['lambda:UpdateFunctionConfiguration']],
  ['AWS::EC2::Instance', ['ec2:DescribeInstances'], ['ec2:ModifyInstanceAttribute']],
  ['AWS::EC2::VPC', ['ec2:DescribeVpcs', 'ec2:DescribeVpcAttribute'], ['ec2:ModifyVpcAttribute']],
  ['AWS::EC2::TransitGateway', ['ec2:DescribeTransitGateways'], ['ec2:ModifyTransitGateway']],
  ['AWS::IAM::User', ['iam:GetUser', 'iam:ListUserPolicies'], ['iam:PutUserPermissionsBoundary']],
  ['AWS::Redshift::Cluster', ['redshift:DescribeClusters'], ['redshift:ModifyCluster']],
  [
    'AWS::AutoScaling::AutoScalingGroup',
    ['autoscaling:DescribeAutoScalingGroups'],
    ['autoscaling:UpdateAutoScalingGroup'],
  ],
  ['AWS::CodeBuild::Project', ['codebuild:BatchGetProjects'], ['codebuild:UpdateProject']],
  ['AWS::Kinesis::Stream', ['kinesis:DescribeStreamSummary'], ['kinesis:StartStreamEncryption']],
  ['AWS::EFS::FileSystem', ['elasticfilesystem:DescribeFileSystems'], ['elasticfilesystem:PutBackupPolicy']],
  ['AWS::ApiGateway::Stage', ['apigateway:GET'], ['apigateway:PATCH']],
  ['AWS::Athena::WorkGroup', ['athena:GetWorkGroup'], ['athena:UpdateWorkGroup']],
  ['AWS::StepFunctions::StateMachine', ['states:DescribeStateMachine'], ['states:UpdateStateMachine']],
  [
    'AWS::NetworkFirewall::Firewall',
    ['network-firewall:DescribeFirewall'],
    ['network-firewall:UpdateFirewallDeleteProtection'],
  ],
  [
    'AWS::SageMaker::NotebookInstance',
    ['sagemaker:DescribeNotebookInstance'],
    ['sagemaker:UpdateNotebookInstance'],
  ],
  ['AWS::AppSync::GraphQLApi', ['appsync:GetGraphqlApi'], ['appsync:UpdateGraphqlApi']],
  ['AWS::Backup::BackupVault', ['backup:DescribeBackupVault'], ['backup:PutBackupVaultAccessPolicy']],
  ['AWS::Cognito::UserPool', ['cognito-idp:DescribeUserPool'], ['cognito-idp:UpdateUserPool']],
  ['AWS::MSK::Cluster', ['kafka:DescribeClusterV2'], ['kafka:UpdateSecurity']],
];

const planned = Array.from({ length: ALL - today.length }, (_, index): CatalogueEntry => {
  const [resource, read, write] = PLANNED[index % PLANNED.length] ?? ['AWS::EC2::Instance', [], []];
  const service = (resource.split('::')[1] ?? '').toLowerCase();
  const [like] = today;
  if (!like) throw new Error('the catalogue is empty');
  return {
    ...like,
    ...{
      id: `${service}_planned_setting_of_that_service_number_${index}`,
      service,
      resource,
      kind: 'posture',
    },
    permissions: { read, write, undo: write },
  };
});
const catalogue = [...today, ...planned];
const config = enabling(...catalogue.map(({ id }) => id));
/** All that is asked of bots here are parameters, and there are none. */
const bot = { kind: 'posture', params: z.object({}), from: {} } as unknown as AnyBot;
const multi = { mode: 'multi', externalId: 'selfheal-1', organization: 'o-a1b2c3d4e5' } as const;

/** What serverless adds to each function, and what stands in resources.yml and serverless.yml. */
async function templates(accounts: Accounts): Promise<readonly [Template, Record<string, Template>]> {
  const { functions, resources } = await stackOf({ ...config, accounts }, catalogue, () =>
    Promise.resolve(bot),
  );
  const fixed = readFileSync(join(__dirname, 'resources.yml'), 'utf8').split('Outputs:')[0] ?? '';
  const others = [...fixed.matchAll(/^ {2}(\w+):$/gm)].map(([, name = '']) => name);
  const base = ['Coordinator', 'ConfigDashrules', 'Findings', 'Notifier', 'SecurityHub'];
  const ofFunction = (name: string) =>
    ['LambdaFunction', 'LogGroup', 'LambdaEvConf'].map((part) => `${name}${part}`);
  const Resources = {
    ...resources.Resources,
    ...Object.fromEntries(
      [
        ...others,
        ...base.flatMap(ofFunction),
        ...Object.keys(functions).flatMap((id) => ofFunction(pascal(id))),
      ].map((name) => [name, { Type: 'Some::Resource', Properties: {} }]),
    ),
  };
  const stacks: Record<string, string[]> = {};
  for (const { id, service } of catalogue) {
    (stacks[`${pascal(service.replaceAll('-', '_'))}Bots`] ??= []).push(
      `${pascal(id)}Role`,
      ...ofFunction(pascal(id)),
    );
  }
  const { root, nested } = nest({ Resources }, stacks, (name) => ({ 'Fn::Sub': name }));
  return [root, nested];
}

test('the names are as many as planned, and differ', () => {
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(ALL);
});

test.each<[string, Accounts]>([
  ['one account', { mode: 'single' }],
  ['one account, with scoped sessions', { mode: 'single', scopedSessions: true }],
  ['an organization, with scoped sessions at home', { ...multi, scopedSessions: true }],
])('%s: stacks, policies and names stay within what AWS takes', async (_, accounts) => {
  const [root, nested] = await templates(accounts);
  expect(refusals(root, nested)).toEqual([]);
  expect(Object.keys(root.Resources).length).toBeLessThanOrEqual(400);
  expect(Object.values(nested).flatMap(({ Resources }) => Object.keys(Resources))).toHaveLength(4 * ALL);
});

test('what a member holds stays within what AWS takes, and cfn-lint finds nothing', async () => {
  const home = { stage: 'production', account: '111122223333', region: 'eu-west-1' };
  // What would be refused is thrown.
  const template = await memberTemplate({ ...config, accounts: multi }, catalogue, home);
  const folder = mkdtempSync(join(tmpdir(), 'room-'));
  const path = join(folder, 'member.json');
  writeFileSync(path, JSON.stringify(template));
  await expect(cfnLint(path)).resolves.toEqual({ stdout: '', stderr: '' });
  rmSync(folder, { recursive: true });
}, 600_000);
