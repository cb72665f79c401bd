import { APIGatewayClient, GetStagesCommand, paginateGetRestApis } from '@aws-sdk/client-api-gateway';
import { AppSyncClient, paginateListGraphqlApis } from '@aws-sdk/client-appsync';
import { AthenaClient, paginateListWorkGroups } from '@aws-sdk/client-athena';
import {
  AutoScalingClient,
  paginateDescribeAutoScalingGroups,
  paginateDescribeLaunchConfigurations,
} from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient, paginateListDistributions } from '@aws-sdk/client-cloudfront';
import { CodeBuildClient, paginateListProjects } from '@aws-sdk/client-codebuild';
import { EC2Client, paginateDescribeTransitGateways } from '@aws-sdk/client-ec2';
import {
  ECSClient,
  ListTaskDefinitionsCommand,
  paginateListTaskDefinitionFamilies,
} from '@aws-sdk/client-ecs';
import { EKSClient, paginateListClusters } from '@aws-sdk/client-eks';
import {
  ElasticLoadBalancingClient,
  paginateDescribeLoadBalancers as paginateClassic,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { NetworkFirewallClient, paginateListFirewalls } from '@aws-sdk/client-network-firewall';
import { ListDomainNamesCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { ListRuleGroupsCommand, ListWebACLsCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { partitionOf } from '../resources/target';
import { type Kind, kind } from './inventory-kind';

/** Resources of the services that applications are made of: APIs, containers, balancers, firewalls, distributions. */
export const services: Readonly<Record<string, Kind>> = {
  'AWS::ApiGateway::Stage': kind(
    () => ({ apigateway: APIGatewayClient }),
    ['apigateway:GET'],
    async function* ({ apigateway: client }, region) {
      const apis = `arn:${partitionOf(region)}:apigateway:${region}::/restapis`;
      for await (const { items: found = [] } of paginateGetRestApis({ client }, {})) {
        for (const { id: restApiId } of found) {
          const { item = [] } = await client.send(new GetStagesCommand({ restApiId }));
          yield item.map(({ stageName }) => `${apis}/${restApiId}/stages/${stageName}`);
        }
      }
    },
  ),
  'AWS::AppSync::GraphQLApi': kind(
    () => ({ appsync: AppSyncClient }),
    ['appsync:ListGraphqlApis'],
    async function* ({ appsync: client }) {
      for await (const { graphqlApis } of paginateListGraphqlApis({ client }, {}))
        yield (graphqlApis ?? []).map(({ apiId }) => apiId);
    },
  ),
  'AWS::Athena::WorkGroup': kind(
    () => ({ athena: AthenaClient }),
    ['athena:ListWorkGroups'],
    async function* ({ athena: client }) {
      for await (const { WorkGroups } of paginateListWorkGroups({ client }, {}))
        yield (WorkGroups ?? []).map(({ Name }) => Name);
    },
  ),
  'AWS::AutoScaling::AutoScalingGroup': kind(
    () => ({ autoscaling: AutoScalingClient }),
    ['autoscaling:DescribeAutoScalingGroups'],
    async function* ({ autoscaling: client }) {
      for await (const { AutoScalingGroups } of paginateDescribeAutoScalingGroups({ client }, {}))
        yield (AutoScalingGroups ?? []).map(({ AutoScalingGroupName }) => AutoScalingGroupName);
    },
  ),
  'AWS::AutoScaling::LaunchConfiguration': kind(
    () => ({ autoscaling: AutoScalingClient }),
    ['autoscaling:DescribeLaunchConfigurations'],
    async function* ({ autoscaling: client }) {
      for await (const { LaunchConfigurations } of paginateDescribeLaunchConfigurations({ client }, {}))
        yield (LaunchConfigurations ?? []).map(({ LaunchConfigurationName }) => LaunchConfigurationName);
    },
  ),
  'AWS::CloudFormation::Stack': kind(
    () => ({ cloudformation: CloudFormationClient }),
    ['cloudformation:DescribeStacks'],
    async function* ({ cloudformation: client }) {
      for await (const { Stacks } of paginateDescribeStacks({ client }, {}))
        yield (Stacks ?? []).map(({ StackName }) => StackName);
    },
  ),
  'AWS::CloudFront::Distribution': kind(
    () => ({ cloudfront: CloudFrontClient }),
    ['cloudfront:ListDistributions'],
    async function* ({ cloudfront: client }) {
      for await (const { DistributionList } of paginateListDistributions({ client }, {}))
        yield (DistributionList?.Items ?? []).map(({ Id }) => Id);
    },
  ),
  'AWS::CodeBuild::Project': kind(
    () => ({ codebuild: CodeBuildClient }),
    ['codebuild:ListProjects'],
    async function* ({ codebuild: client }) {
      for await (const { projects } of paginateListProjects({ client }, {})) yield projects ?? [];
    },
  ),
  'AWS::EC2::TransitGateway': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeTransitGateways'],
    async function* ({ ec2: client }) {
      for await (const { TransitGateways } of paginateDescribeTransitGateways({ client }, {}))
        yield (TransitGateways ?? []).map(({ TransitGatewayId }) => TransitGatewayId);
    },
  ),
  // The latest revision of each family: it is the one that counts.
  'AWS::ECS::TaskDefinition': kind(
    () => ({ ecs: ECSClient }),
    ['ecs:ListTaskDefinitionFamilies', 'ecs:ListTaskDefinitions'],
    async function* ({ ecs: client }) {
      for await (const { families = [] } of paginateListTaskDefinitionFamilies(
        { client },
        { status: 'ACTIVE' },
      )) {
        for (const familyPrefix of families) {
          const latest = { familyPrefix, sort: 'DESC', maxResults: 1 } as const;
          const { taskDefinitionArns = [] } = await client.send(new ListTaskDefinitionsCommand(latest));
          yield taskDefinitionArns.slice(0, 1);
        }
      }
    },
  ),
  'AWS::EKS::Cluster': kind(
    () => ({ eks: EKSClient }),
    ['eks:ListClusters'],
    async function* ({ eks: client }) {
      for await (const { clusters } of paginateListClusters({ client }, {})) yield clusters ?? [];
    },
  ),
  'AWS::ElasticLoadBalancing::LoadBalancer': kind(
    () => ({ elasticloadbalancing: ElasticLoadBalancingClient }),
    ['elasticloadbalancing:DescribeLoadBalancers'],
    async function* ({ elasticloadbalancing: client }) {
      for await (const { LoadBalancerDescriptions } of paginateClassic({ client }, {}))
        yield (LoadBalancerDescriptions ?? []).map(({ LoadBalancerName }) => LoadBalancerName);
    },
  ),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': kind(
    () => ({ elasticloadbalancing: ElasticLoadBalancingV2Client }),
    ['elasticloadbalancing:DescribeLoadBalancers'],
    async function* ({ elasticloadbalancing: client }) {
      for await (const { LoadBalancers } of paginateDescribeLoadBalancers({ client }, {}))
        yield (LoadBalancers ?? []).map(({ LoadBalancerArn }) => LoadBalancerArn);
    },
  ),
  'AWS::Events::EventBus': kind(
    () => ({ events: EventBridgeClient }),
    ['events:ListEventBuses'],
    async function* ({ events }) {
      let NextToken: string | undefined;
      do {
        const page = await events.send(new ListEventBusesCommand({ NextToken }));
        yield (page.EventBuses ?? []).map(({ Name }) => Name);
        ({ NextToken } = page);
      } while (NextToken);
    },
  ),
  'AWS::NetworkFirewall::Firewall': kind(
    () => ({ 'network-firewall': NetworkFirewallClient }),
    ['network-firewall:ListFirewalls'],
    async function* ({ 'network-firewall': client }) {
      for await (const { Firewalls } of paginateListFirewalls({ client }, {}))
        yield (Firewalls ?? []).map(({ FirewallArn }) => FirewallArn);
    },
  ),
  'AWS::OpenSearchService::Domain': kind(
    () => ({ es: OpenSearchClient }),
    ['es:ListDomainNames'],
    async function* ({ es }) {
      const { DomainNames = [] } = await es.send(new ListDomainNamesCommand({}));
      yield DomainNames.map(({ DomainName }) => DomainName);
    },
  ),
  'AWS::WAFv2::RuleGroup': kind(
    () => ({ wafv2: WAFV2Client }),
    ['wafv2:ListRuleGroups'],
    async function* ({ wafv2 }, region) {
      for (const Scope of scopesIn(region)) {
        let NextMarker: string | undefined;
        do {
          const page = await wafv2.send(new ListRuleGroupsCommand({ Scope, NextMarker, Limit: 100 }));
          yield (page.RuleGroups ?? []).map(({ ARN }) => ARN);
          ({ NextMarker } = page);
        } while (NextMarker);
      }
    },
  ),
  'AWS::WAFv2::WebACL': kind(
    () => ({ wafv2: WAFV2Client }),
    ['wafv2:ListWebACLs'],
    async function* ({ wafv2 }, region) {
      for (const Scope of scopesIn(region)) {
        let NextMarker: string | undefined;
        do {
          const page = await wafv2.send(new ListWebACLsCommand({ Scope, NextMarker, Limit: 100 }));
          yield (page.WebACLs ?? []).map(({ ARN }) => ARN);
          ({ NextMarker } = page);
        } while (NextMarker);
      }
    },
  ),
};

/** What protects distributions is kept in the first region. Source: WAFV2 API, ListWebACLs, Scope. */
function scopesIn(region: string) {
  return region === 'us-east-1' ? (['REGIONAL', 'CLOUDFRONT'] as const) : (['REGIONAL'] as const);
}
