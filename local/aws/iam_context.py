"""What IAM knows of a request beside its action and resource: the condition keys that policies of the project ask for."""

from __future__ import annotations

from typing import Any

from arns import at, strings
from calls import Call
from iam_policies import Context
from moto.dynamodb.models import dynamodb_backends
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

# Keys that a member of the input has as it stands. Source: Service Authorization Reference, condition keys.
BY_MEMBER = {
    'iam': {'iam:PolicyARN': 'PolicyArn', 'iam:PermissionsBoundary': 'PermissionsBoundary'},
    'lambda': {'lambda:FunctionUrlAuthType': 'AuthType', 'lambda:Principal': 'Principal'},
    's3': {'s3:x-amz-acl': 'ACL', 's3:LocationConstraint': 'CreateBucketConfiguration.LocationConstraint'},
    'sts': {
        'sts:ExternalId': 'ExternalId',
        'sts:RoleSessionName': 'RoleSessionName',
        'sts:SourceIdentity': 'SourceIdentity',
        'sts:TransitiveTagKeys': 'TransitiveTagKeys',
    },
}


def context_of(call: Call, session: dict[str, Any], account: str) -> Context:
    """The keys of one request, in small letters."""
    context: dict[str, list[str]] = {
        'aws:PrincipalArn': [session['role']],
        'aws:PrincipalAccount': [session['role'].split(':')[4]],
        'aws:RequestedRegion': [call.region],
        'aws:SecureTransport': ['true'],
        **{f'aws:PrincipalTag/{key}': [value] for key, value in session['tags'].items()},
        **{key: strings(at(call.input, path.split('.'))) for key, path in BY_MEMBER.get(call.prefix, {}).items()},
    }
    context.update(of_call(call, account))
    tags = tags_of(call)
    if tags:
        context['aws:TagKeys'] = [*tags]
        context.update({f'aws:RequestTag/{key}': [value] for key, value in tags.items()})
    if call.prefix == 'kms':
        # Nobody stands between; a call through another service has kms:ViaService too, see needs_of.
        context['kms:CallerAccount'] = context['aws:PrincipalAccount']
    if call.prefix == 'dynamodb':
        context['dynamodb:LeadingKeys'] = leading_keys(call, account)
    return {key.lower(): value for key, value in context.items()}


def of_call(call: Call, account: str) -> Context:
    """The keys for which a request is looked up: the boundary of the role or user that a policy is for, and the profile
    that an instance is given.
    """
    said = call.input
    if call.prefix == 'ec2' and isinstance(said.get('IamInstanceProfile'), dict):
        name = said['IamInstanceProfile'].get('Name')
        backend = iam_backends[account]['aws']
        arn = next((one.arn for one in backend.instance_profiles.values() if one.name == name), None)
        return {'ec2:NewInstanceProfile': strings(said['IamInstanceProfile'].get('Arn') or arn)}
    if call.operation == 'ModifySnapshotAttribute':
        given = said.get('CreateVolumePermission', {}).get('Add', [])
        adds = said.get('OperationType') == 'add'
        return {
            'ec2:Add/group': [*strings([one.get('Group') for one in given]), *(strings(said.get('GroupNames')) if adds else [])],
            'ec2:Add/userId': [*strings([one.get('UserId') for one in given]), *(strings(said.get('UserIds')) if adds else [])],
        }
    if call.prefix == 'iam' and 'PermissionsBoundary' not in said:
        return {'iam:PermissionsBoundary': strings(boundary_of(said, account))}
    return {}


def boundary_of(said: dict[str, Any], account: str) -> str | None:
    """The permissions boundary of the role or user that a request names."""
    backend = iam_backends[account]['aws']
    for member, stored in (('RoleName', backend.roles), ('UserName', backend.users)):
        one = next((each for each in stored.values() if each.name == said.get(member)), None)
        boundary = getattr(one, 'permissions_boundary', None) or getattr(one, 'permissions_boundary_arn', None)
        if boundary:
            return boundary if isinstance(boundary, str) else boundary.get('PermissionsBoundaryArn')
    return None


def tags_of(call: Call) -> dict[str, str]:
    """The tags that a request gives, in whichever form its API has them."""
    found: dict[str, str] = {}
    specified = [spec.get('Tags', []) for spec in call.input.get('TagSpecifications') or []]
    given = [call.input.get(name) for name in ('Tags', 'tags')]
    nested = (call.input.get('CreateBucketConfiguration') or {}).get('Tags')
    for tags in [*specified, *given, nested]:
        if isinstance(tags, dict):
            found.update(tags)
        for tag in tags if isinstance(tags, list) else []:
            key = tag.get('Key', tag.get('key'))
            found[str(key)] = str(tag.get('Value', tag.get('value', '')))
    return found


def leading_keys(call: Call, account: str) -> list[str]:
    """The partition keys that a request to DynamoDB names."""
    backend = dynamodb_backends[account][call.region]
    found: list[str] = []
    for table, items in keyed(call.input):
        stored = backend.tables.get(str(table).split('/')[-1])
        name = stored.hash_key_attr if stored else None
        found += [str(value) for item in items if name in item for value in item[name].values()]
    return found


def keyed(said: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """By table, the keys and items of a request, single, in batches and in transactions."""
    single = [(said.get('TableName', ''), [one for one in (said.get('Key'), said.get('Item')) if one])]
    transacted = [
        (part['TableName'], [part.get('Key') or part.get('Item')])
        for step in said.get('TransactItems', [])
        for part in step.values()
    ]
    batched = [(table, asked.get('Keys', [])) for table, asked in (said.get('RequestItems') or {}).items() if isinstance(asked, dict)]
    return [*single, *transacted, *batched]


def tags_on(resource: str) -> Context:
    """The tags that a resource of EC2 has."""
    _, _, service, region, account, name = resource.split(':', 5) if resource.count(':') >= 5 else [''] * 6
    if service != 'ec2' or '*' in name:
        return {}
    tags = ec2_backends[account][region].tags.get(name.split('/')[-1], {}) if account else {}
    return {
        f'{prefix}:resourcetag/{key.lower()}': [str(value)] for key, value in tags.items() for prefix in ('aws', 'ec2')
    }
