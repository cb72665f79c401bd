/** What of a trail's events is counted, by CIS: recommendations 4.1 to 4.15 of version 3.0. */
export interface Filter {
  /** CloudBots' own name, which the metric has too. */
  readonly name: string;
  /** The number behind `4.` in CIS 3.0 and 5.0, and behind `5.` in 6.0 and 7.0. */
  readonly cis: number;
  /** Security Hub's control. */
  readonly control?: string;
  /** Prowler's check. */
  readonly prowler: string;
  /** What counts, in the pattern language of CloudWatch Logs. */
  readonly pattern: string;
}

/** The fifteen, in the order of CIS. Source: CIS AWS Foundations Benchmark; CloudTrail's names of events. */
export const FILTERS = [
  {
    name: 'UnauthorizedApiCalls',
    cis: 1,
    control: 'CloudWatch.2',
    prowler: 'cloudwatch_log_metric_filter_unauthorized_api_calls',
    pattern: '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
  },
  {
    name: 'NoMfaConsoleLogins',
    cis: 2,
    control: 'CloudWatch.3',
    prowler: 'cloudwatch_log_metric_filter_sign_in_without_mfa',
    pattern:
      '{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed!="Yes") && ($.userIdentity.type="IAMUser") && ($.responseElements.ConsoleLogin="Success")}',
  },
  {
    name: 'RootAccountLogins',
    cis: 3,
    control: 'CloudWatch.1',
    prowler: 'cloudwatch_log_metric_filter_root_usage',
    pattern:
      '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType!="AwsServiceEvent"}',
  },
  {
    name: 'IamPolicyChanges',
    cis: 4,
    control: 'CloudWatch.4',
    prowler: 'cloudwatch_log_metric_filter_policy_changes',
    pattern: events(
      'iam',
      'DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy DetachUserPolicy AttachGroupPolicy DetachGroupPolicy',
    ),
  },
  {
    name: 'CloudTrailConfigurationChanges',
    cis: 5,
    control: 'CloudWatch.5',
    prowler: 'cloudwatch_log_metric_filter_and_alarm_for_cloudtrail_configuration_changes_enabled',
    pattern: events(undefined, 'CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging'),
  },
  {
    name: 'FailedConsoleLogins',
    cis: 6,
    control: 'CloudWatch.6',
    prowler: 'cloudwatch_log_metric_filter_authentication_failures',
    pattern: '{($.eventName="ConsoleLogin") && ($.errorMessage="Failed authentication")}',
  },
  {
    name: 'DisabledOrDeletedCmks',
    cis: 7,
    control: 'CloudWatch.7',
    prowler: 'cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk',
    pattern: events('kms', 'DisableKey ScheduleKeyDeletion'),
  },
  {
    name: 'S3BucketPolicyChanges',
    cis: 8,
    control: 'CloudWatch.8',
    prowler: 'cloudwatch_log_metric_filter_for_s3_bucket_policy_changes',
    pattern: events(
      's3',
      'PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication',
    ),
  },
  {
    name: 'AwsConfigChanges',
    cis: 9,
    control: 'CloudWatch.9',
    prowler: 'cloudwatch_log_metric_filter_and_alarm_for_aws_config_configuration_changes_enabled',
    pattern: events(
      'config',
      'StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder',
    ),
  },
  {
    name: 'SecurityGroupChanges',
    cis: 10,
    control: 'CloudWatch.10',
    prowler: 'cloudwatch_log_metric_filter_security_group_changes',
    pattern: events(
      undefined,
      'AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup',
    ),
  },
  {
    name: 'NetworkAccessControlListChanges',
    cis: 11,
    control: 'CloudWatch.11',
    prowler: 'cloudwatch_changes_to_network_acls_alarm_configured',
    pattern: events(
      undefined,
      'CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry ReplaceNetworkAclAssociation',
    ),
  },
  {
    name: 'NetworkGatewayChanges',
    cis: 12,
    control: 'CloudWatch.12',
    prowler: 'cloudwatch_changes_to_network_gateways_alarm_configured',
    pattern: events(
      undefined,
      'CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway DeleteInternetGateway DetachInternetGateway',
    ),
  },
  {
    name: 'RouteTableChanges',
    cis: 13,
    control: 'CloudWatch.13',
    prowler: 'cloudwatch_changes_to_network_route_tables_alarm_configured',
    pattern: events(
      'ec2',
      'CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute DisassociateRouteTable',
    ),
  },
  {
    name: 'VpcChanges',
    cis: 14,
    control: 'CloudWatch.14',
    prowler: 'cloudwatch_changes_to_vpcs_alarm_configured',
    pattern: events(
      undefined,
      'CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc DisableVpcClassicLink EnableVpcClassicLink',
    ),
  },
  {
    name: 'OrganizationsChanges',
    cis: 15,
    prowler: 'cloudwatch_log_metric_filter_aws_organizations_changes',
    pattern: events(
      'organizations',
      'AcceptHandshake AttachPolicy CancelHandshake CreateAccount CreateOrganization CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy EnableAllFeatures EnablePolicyType InviteAccountToOrganization LeaveOrganization DetachPolicy DisablePolicyType MoveAccount RemoveAccountFromOrganization UpdateOrganizationalUnit UpdatePolicy',
    ),
  },
] as const satisfies readonly Filter[];

/** The name of one of the fifteen. */
export type FilterName = (typeof FILTERS)[number]['name'];

/** Events by these names, of one service or of any. */
function events(service: string | undefined, names: string): string {
  const any = names
    .split(' ')
    .map((name) => `($.eventName=${name})`)
    .join(' || ');
  return service === undefined ? `{${any}}` : `{($.eventSource=${service}.amazonaws.com) && (${any})}`;
}
