/** Bots that there may be one day, of services and with actions that AWS has, to show that there is room for them. */
import type { CatalogueEntry } from '../shared/catalogue';

/** As many as are planned. */
export const ALL = 210;

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

/** The catalogue, filled up with bots that there may be. */
export function withPlanned(today: readonly CatalogueEntry[]): CatalogueEntry[] {
  const planned = Array.from({ length: Math.max(0, ALL - today.length) }, (_, index): CatalogueEntry => {
    const [resource, read, write] = PLANNED[index % PLANNED.length] ?? ['AWS::EC2::Instance', [], []];
    const service = (resource.split('::')[1] ?? '').toLowerCase();
    const [like] = today;
    if (!like) throw new Error('the catalogue is empty');
    const id = `${service}_planned_setting_of_that_service_number_${index}`;
    return {
      ...like,
      ...{ id, service, resource, kind: 'posture' },
      ...{
        title: `Planned setting ${index}`,
        controls: {},
        from: {},
        params: { type: 'object', properties: {} },
      },
      permissions: { read, write, undo: write },
    };
  });
  return [...today, ...planned];
}
