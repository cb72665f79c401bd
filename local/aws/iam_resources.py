"""Which resources a request acts on, as IAM names them: the templates of its service reference, filled from the input."""

from __future__ import annotations

import json
import re
from pathlib import Path

from arns import at, in_place, like, strings, tail, wild
from calls import Call
from iam_lookups import SPECIAL, behind

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / 'iam-reference.json').read_text())

# Members of an input that name a resource of a type, where they have another name than the type's variable.
MEMBERS: dict[str, list[str]] = {
    'acm:certificate': ['CertificateArn'],
    'athena:workgroup': ['WorkGroup'],
    'autoscaling:autoScalingGroup': ['AutoScalingGroupName'],
    'cloudfront:distribution': ['Id'],
    'cloudtrail:trail': ['Name', 'TrailName', 'ResourceId'],
    'autoscaling:launchConfiguration': ['LaunchConfigurationName'],
    'cloudformation:stack': ['StackName'],
    'codebuild:project': ['name', 'names'],
    'dms:ReplicationInstance': ['ReplicationInstanceArn'],
    'dynamodb:table': ['TableName', 'TableArn', 'ResourceArn'],
    'ecr:repository': ['repositoryName', 'repositoryNames'],
    'ecs:task-definition': ['taskDefinition'],
    'ecs:service': ['service', 'services'],
    'ecs:task': ['task', 'tasks'],
    'eks:cluster': ['name'],
    'elasticloadbalancing:listener-rule/app': ['RuleArn'],
    'elasticloadbalancing:listener-rule/net': ['RuleArn'],
    'elasticloadbalancing:listener/app': ['ListenerArn'],
    'elasticloadbalancing:listener/gwy': ['ListenerArn'],
    'elasticloadbalancing:listener/net': ['ListenerArn'],
    'elasticloadbalancing:loadbalancer/app/': ['LoadBalancerArn'],
    'elasticloadbalancing:loadbalancer/gwy/': ['LoadBalancerArn'],
    'elasticloadbalancing:loadbalancer/net/': ['LoadBalancerArn'],
    'elasticache:cluster': ['CacheClusterId'],
    'elasticache:replicationgroup': ['ReplicationGroupId'],
    'elasticloadbalancing:loadbalancer': ['LoadBalancerName', 'LoadBalancerNames'],
    'events:event-bus': ['EventBusName', 'Entries.EventBusName', 'Name'],
    'events:rule-on-default-event-bus': ['Rule', 'Name'],
    'guardduty:detector': ['DetectorId', 'ResourceArn'],
    'guardduty:filter': ['FilterName', 'ResourceArn'],
    'guardduty:ipset': ['IpSetId', 'ResourceArn'],
    'iam:group': ['GroupName', 'PolicySourceArn'],
    'iam:instance-profile': ['InstanceProfileName'],
    'iam:policy': ['PolicyArn', 'PolicyName'],
    'iam:role': ['RoleName', 'RoleArn', 'PolicySourceArn'],
    'iam:user': ['UserName', 'AccessKeyId', 'PolicySourceArn'],
    'kms:key': ['KeyId', 'TargetKeyId'],
    'lambda:function': ['FunctionName', 'Resource'],
    'lambda:function alias': ['FunctionName'],
    'lambda:function version': ['FunctionName'],
    'lambda:layer version': ['Layers'],
    'network-firewall:Firewall': ['FirewallArn'],
    'organizations:account': ['AccountId', 'ChildId'],
    'rds:cluster': ['DBClusterIdentifier'],
    'rds:cluster-pg': ['DBClusterParameterGroupName'],
    'rds:cluster-snapshot': ['DBClusterSnapshotIdentifier'],
    'rds:db': ['DBInstanceIdentifier'],
    'rds:es': ['SubscriptionName'],
    'rds:og': ['OptionGroupName'],
    'rds:pg': ['DBParameterGroupName', 'DBInstanceParameterGroupName'],
    'rds:secgrp': ['DBSecurityGroups'],
    'rds:snapshot': ['DBSnapshotIdentifier', 'SourceDBSnapshotIdentifier', 'TargetDBSnapshotIdentifier', 'FinalDBSnapshotIdentifier'],
    'rds:subgrp': ['DBSubnetGroupName'],
    'redshift:cluster': ['ClusterIdentifier'],
    'redshift:parametergroup': ['ParameterGroupName'],
    's3:bucket': ['Bucket'],
    's3:object': ['Key'],
    'sqs:queue': ['QueueUrl', 'QueueName'],
    'sns:topic': ['TopicArn', 'ResourceArn'],
    'ssm:document': ['Name'],
    'ssm:parameter': ['Name', 'Names'],
    'secretsmanager:Secret': ['SecretId'],
    'sts:role': ['RoleArn'],
    'wafv2:rulegroup': ['ARN', 'Id'],
    'wafv2:webacl': ['ARN', 'Id', 'ResourceArn', 'LoggingConfiguration.ResourceArn'],
    'states:statemachine': ['stateMachineArn', 'resourceArn'],
    'logs:log-group': ['logGroupName', 'logGroupIdentifier', 'resourceArn'],
}

# Types that the reference requires beside others, and that a call names in their place.
INSTEAD = {'dynamodb:stream'}

# What the ids of EC2 begin with, by the type that they name.
EC2_IDS = {
    'acl-': 'network-acl',
    'ami-': 'image',
    'eipalloc-': 'elastic-ip',
    'eni-': 'network-interface',
    'fl-': 'vpc-flow-log',
    'i-': 'instance',
    'igw-': 'internet-gateway',
    'lt-': 'launch-template',
    'nat-': 'natgateway',
    'pl-': 'prefix-list',
    'rtb-': 'route-table',
    'sg-': 'security-group',
    'sgr-': 'security-group-rule',
    'snap-': 'snapshot',
    'subnet-': 'subnet',
    'tgw-': 'transit-gateway',
    'tgw-attach-': 'transit-gateway-attachment',
    'vol-': 'volume',
    'vpc-': 'vpc',
    'vpce-': 'vpc-endpoint',
}


def resources_of(action: str, call: Call, account: str) -> list[str] | None:
    """The ARNs that IAM asks about for this action; `*` where it has no resource level. None: what the request acts on
    cannot be told from its input, or IAM's reference was not generated for this action.
    """
    if action.startswith('apigateway:'):
        return [f'arn:aws:apigateway:{call.region}::{call.path}']
    if action in ('dynamodb:Query', 'dynamodb:Scan') and 'IndexName' in call.input:
        # IAM asks about the index alone. Source: DynamoDB developer guide, actions on indexes in IAM policies.
        table = str(call.input.get('TableName', '')).rpartition('/')[2]
        return [f'arn:aws:dynamodb:{call.region}:{account}:table/{table}/index/{call.input["IndexName"]}']
    types = REFERENCE['actions'].get(action)
    if types is None:
        return None
    if not types:
        return ['*']
    prefix = action.split(':')[0]
    named: list[str] = []
    unnamed: list[tuple[str, bool]] = []
    for entry in types:
        name, is_required = entry.rstrip('!'), entry.endswith('!')
        template = REFERENCE['types'][f'{prefix}:{name}']
        found = arns(prefix, name, template, call, account)
        named += found
        if not found and f'{prefix}:{name}' not in INSTEAD:
            unnamed.append((template, is_required))
    # What a call makes has no name yet, and what lists all names none: IAM then asks about `type/*`.
    made = [in_place(wild(template), call, account) for template, is_required in unnamed if is_required]
    if named and 'ResourceArn' in call.input:
        # One ARN, of any of the types.
        return named
    if named:
        return [*dict.fromkeys([*named, *made])]
    if not names_anything(action, call):
        return made or [in_place(wild(unnamed[0][0]), call, account)]
    return made if made and is_making(call) else None


def is_making(call: Call) -> bool:
    """Whether the call makes the resource that it acts on."""
    return call.operation.startswith(('Create', 'Run', 'Allocate', 'Put')) or call.operation == 'RegisterTaskDefinition'


def names_anything(action: str, call: Call) -> bool:
    """Whether the operation has a member that is required, which must then name what it acts on."""
    model = call.operation_model
    shape = model.input_shape if model else None
    return bool(shape and shape.metadata.get('required'))


def arns(prefix: str, name: str, template: str, call: Call, account: str) -> list[str]:
    """The ARNs of one type that the input names."""
    if prefix == 'ec2':
        return ec2_arns(name, template, call, account)
    # IAM writes the name of a few types as an asterisk.
    if '${' not in tail(template) and '*' not in tail(template):
        return [in_place(template, call, account)]
    special = SPECIAL.get(f'{prefix}:{name}')
    pattern = like(template)
    found: list[str] = []
    for value in values_for(f'{prefix}:{name}', template, call):
        is_arn = value.startswith('arn:')
        if is_arn and not pattern.fullmatch(value) and ':alias/' not in value:
            continue
        if is_arn and not special:
            found.append(value)
        elif special:
            found += special(value, template, call, account)
        else:
            found += filled(template, value, call, account)
    return found


def values_for(kind: str, template: str, call: Call) -> list[str]:
    """What the members say that name a resource of this kind."""
    variables = re.findall(r'\$\{(\w+)\}', tail(template))
    paths = MEMBERS.get(kind) or [*variables[-1:], 'ResourceArn', 'resourceArn', 'Arn', 'arn']
    members = {name.lower(): name for name in call.input}
    return [
        value
        for path in paths
        for value in strings(at(call.input, [members.get(path.lower(), path)] if '.' not in path else path.split('.')))
    ]


def filled(template: str, value: str, call: Call, account: str) -> list[str]:
    """The template with the value as its last name, and the others by members of their own names."""
    variables = re.findall(r'\$\{(\w+)\}', tail(template))
    text = template
    others = {'BucketName': 'Bucket', 'ObjectName': 'Key', 'EventBusName': 'EventBusName'}
    for variable in variables:
        member = others.get(variable)
        said = call.input.get(member) if member else None
        if len(variables) > 1 and not said and member:
            return []
        text = text.replace(f'${{{variable}}}', str(said) if said else value if variable == variables[-1] else '*')
    return [in_place(text, call, account)]


def ec2_arns(name: str, template: str, call: Call, account: str) -> list[str]:
    """EC2's ids say of which type they are; key pairs go by their names."""
    if name == 'key-pair':
        return [in_place(wild(template)[:-1] + each, call, account) for each in strings(call.input.get('KeyName'))]
    ids = [one for path in EC2_PATHS for one in strings(at(call.input, path.split('.')))]
    ids += [one for one in map(lambda each: behind(each, call, account), strings(call.input.get('AssociationId'))) if one]
    return [
        in_place(wild(template)[:-1] + each, call, account)
        for each in dict.fromkeys(ids)
        if EC2_IDS.get(each[: each.rfind('-') + 1]) == name
    ]


EC2_PATHS = [
    'AllocationId',
    'FlowLogIds',
    'GroupId',
    'GroupIds',
    'Groups',
    'ImageId',
    'InstanceId',
    'InstanceIds',
    'InstanceSpecification.InstanceId',
    'InternetGatewayId',
    'NetworkAclId',
    'NetworkInterfaceId',
    'PrefixListId',
    'ResourceIds',
    'Resources',
    'RouteTableId',
    'SecurityGroupRuleIds',
    'SnapshotId',
    'SubnetId',
    'TransitGatewayId',
    'TransitGatewayIds',
    'VolumeId',
    'VpcId',
]
