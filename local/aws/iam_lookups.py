"""Resources whose ARN says more than their name does: IAM looks them up, and so does local AWS in moto."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arns import in_place, wild
from calls import Call
from moto.cloudformation.models import cloudformation_backends
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends


def behind(association: str, call: Call, account: str) -> str | None:
    """What an association is of: an instance's profile, a subnet's network ACL, an address."""
    backend = ec2_backends[account][call.region]
    if association.startswith('iip-assoc-'):
        found = backend.iam_instance_profile_associations.get(association)
        return found.instance.id if found else None
    if association.startswith('aclassoc-'):
        lists = backend.network_acls.values()
        acl = next((acl for acl in lists if association in acl._associations), None)
        return str(acl._associations[association].subnet_id) if acl else None
    found = next((one for one in backend.addresses if one.association_id == association), None)
    return found.allocation_id if found else None


def roles(value: str, template: str, call: Call, account: str) -> list[str]:
    """A role's ARN holds its path, which its name does not say."""
    if value.startswith('arn:'):
        return [value]
    return by_path('roles', value, template, call, account)


def users(value: str, template: str, call: Call, account: str) -> list[str]:
    """A user by name, by ARN, or by one of its access keys."""
    if value.startswith('arn:'):
        return [value]
    if value.startswith('AKIA') and value == call.input.get('AccessKeyId'):
        if 'UserName' in call.input:
            return []
        backend = iam_backends[account]['aws']
        owner = next((one for one in backend.users.values() if any(key.access_key_id == value for key in one.access_keys)), None)
        return [owner.arn] if owner else [in_place(wild(template), call, account)]
    return by_path('users', value, template, call, account)


def by_path(kind: str, name: str, template: str, call: Call, account: str) -> list[str]:
    """What IAM has of that name, with its path; what is not there yet or no more, with the path that the input gives."""
    stored = getattr(iam_backends[account]['aws'], kind)
    found = next((one for one in stored.values() if getattr(one, 'name', None) == name), None)
    if found is not None:
        return [found.arn]
    path = str(call.input.get('Path') or '/').lstrip('/')
    return [in_place(wild(template)[:-1] + path + name, call, account)]


def policies(value: str, template: str, call: Call, account: str) -> list[str]:
    """A managed policy, AWS's own among them."""
    if value.startswith('arn:'):
        return [value]
    path = str(call.input.get('Path') or '/').lstrip('/')
    return [in_place(wild(template)[:-1] + path + value, call, account)]


def keys(value: str, template: str, call: Call, account: str) -> list[str]:
    """A key by id, ARN or alias: IAM asks about the key."""
    if value.startswith('arn:') and ':alias/' not in value:
        return [value]
    backend = kms_backends[account][call.region]
    try:
        key_id = backend.get_key_id(value) if 'alias/' not in value else backend.get_key_id_from_alias(value)
    except Exception:
        return [in_place(wild(template), call, account)]
    return [in_place(wild(template)[:-1] + str(key_id or value), call, account)]


def secrets(value: str, template: str, call: Call, account: str) -> list[str]:
    """A secret's ARN ends in six characters, which its name does not say."""
    if value.startswith('arn:'):
        return [value]
    found = secretsmanager_backends[account][call.region].secrets.get(value)
    return [found.arn] if found else [in_place(wild(template)[:-1] + value, call, account)]


def queues(value: str, template: str, call: Call, account: str) -> list[str]:
    """A queue by URL, which has its account, or by name."""
    *_, owner, name = f'//{account}/{value}'.split('/') if '/' not in value else value.split('/')
    return [in_place(wild(template)[:-1] + name, call, owner)]


def functions(value: str, template: str, call: Call, account: str) -> list[str]:
    """A function by name, partial or whole ARN, with the version or alias that is meant."""
    name = value.split(':function:')[-1]
    owner = value.split(':')[4] if value.startswith('arn:') else account
    region = value.split(':')[3] if value.startswith('arn:') else call.region
    qualifier = call.input.get('Qualifier')
    whole = f'{name}:{qualifier}' if qualifier and ':' not in name else name
    return [f'arn:aws:lambda:{region}:{owner}:function:{whole}']


def stacks(value: str, template: str, call: Call, account: str) -> list[str]:
    """A stack's ARN ends in an id, which its name does not say."""
    if value.startswith('arn:'):
        return [value]
    stored = cloudformation_backends[account][call.region].stacks.values()
    found = next((one.stack_id for one in stored if one.name == value), None)
    return [found or in_place(template.replace('${StackName}', value).replace('${Id}', '*'), call, account)]


def of_waf(value: str, template: str, call: Call, account: str) -> list[str]:
    """A web ACL or a rule group by ARN, or by scope, name and id."""
    if value.startswith('arn:'):
        return [value]
    scope = 'global' if call.input.get('Scope') == 'CLOUDFRONT' else 'regional'
    text = template.replace('${Scope}', scope).replace('${Name}', str(call.input.get('Name', '*')))
    return [in_place(text.replace('${Id}', value), call, account)]


def log_groups(value: str, template: str, call: Call, account: str) -> list[str]:
    """IAM asks about a log group with the stream behind it."""
    name = value.split(':log-group:')[-1].removesuffix(':*')
    return [in_place(f'{wild(template)[:-1]}{name}:log-stream:', call, account)]


def documents(value: str, template: str, call: Call, account: str) -> list[str]:
    """A document of the account, or one of AWS's own or another's by ARN."""
    if value.startswith('arn:'):
        return [value]
    owner = '' if value.startswith(('AWS-', 'AWSSupport-', 'AWSConfigRemediation-')) else account
    return [in_place(wild(template)[:-1] + value, call, owner)]


def parameters(value: str, template: str, call: Call, account: str) -> list[str]:
    """A parameter; the slash that a path begins with stands for the one in the ARN."""
    return [value if value.startswith('arn:') else in_place(wild(template)[:-1] + value.lstrip('/'), call, account)]


def passed_roles(value: Any, call: Call, account: str) -> list[str]:
    """The roles that a call hands over: by ARN, by name, or in an instance profile."""
    backend = iam_backends[account]['aws']
    if isinstance(value, dict):
        name = value.get('Name') or str(value.get('Arn', '')).split('/')[-1]
        profile = next((one for one in backend.instance_profiles.values() if one.name == name), None)
        return [role.arn for role in profile.roles] if profile else []
    return roles(str(value), 'arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}', call, account)


Special = Callable[[str, str, Call, str], list[str]]
SPECIAL: dict[str, Special] = {
    'cloudformation:stack': stacks,
    'iam:policy': policies,
    'iam:role': roles,
    'iam:user': users,
    'kms:key': keys,
    'lambda:function': functions,
    'lambda:function alias': functions,
    'lambda:function version': functions,
    'logs:log-group': log_groups,
    'secretsmanager:Secret': secrets,
    'sqs:queue': queues,
    'ssm:document': documents,
    'ssm:parameter': parameters,
    'sts:role': roles,
    'wafv2:rulegroup': of_waf,
    'wafv2:webacl': of_waf,
}
