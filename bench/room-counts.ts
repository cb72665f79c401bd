/** What a deployment has left on local AWS, counted by the services themselves. */
import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { ConfigServiceClient, paginateDescribeConfigRules } from '@aws-sdk/client-config-service';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';

/** How many there are, by CloudFormation type. */
export type Counts = Readonly<Record<(typeof TYPES)[number], number>>;

/** What is counted. */
export const TYPES = [
  'AWS::CloudFormation::Stack',
  'AWS::Lambda::Function',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::Config::ConfigRule',
] as const;

/** Asks local AWS, to which this process's clients must lead. */
export async function countDeployed(region: string): Promise<Counts> {
  const settings = { region };
  return {
    // The root is a stack too.
    'AWS::CloudFormation::Stack': await sum(
      paginateListStacks({ client: new CloudFormationClient(settings) }, {}),
      ({ StackSummaries = [] }) =>
        StackSummaries.filter(({ StackStatus = '' }) => /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus)),
    ),
    'AWS::Lambda::Function': await sum(
      paginateListFunctions({ client: new LambdaClient(settings) }, {}),
      ({ Functions = [] }) => Functions,
    ),
    'AWS::IAM::Role': await sum(
      paginateListRoles({ client: new IAMClient(settings) }, {}),
      ({ Roles = [] }) => Roles,
    ),
    'AWS::Logs::LogGroup': await sum(
      paginateDescribeLogGroups({ client: new CloudWatchLogsClient(settings) }, {}),
      ({ logGroups = [] }) => logGroups,
    ),
    'AWS::Config::ConfigRule': await sum(
      paginateDescribeConfigRules({ client: new ConfigServiceClient(settings) }, {}),
      ({ ConfigRules = [] }) => ConfigRules,
    ),
  };
}

async function sum<P>(pages: AsyncIterable<P>, of: (page: P) => readonly unknown[]): Promise<number> {
  let count = 0;
  for await (const page of pages) count += of(page).length;
  return count;
}
