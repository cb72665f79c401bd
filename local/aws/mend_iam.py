"""IAM and STS: a session may do what its role and its session policy both say, on the resources that they name, and
roles are assumed by those whom they trust.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
import re
from typing import Any

from arns import at
from calls import Answer, Call, error
from iam_bounds import boundary_of, control_policies, parsed
from iam_context import context_of, tags_on
from iam_policies import Context, allows, listed, speaks_of
from iam_lookups import passed_roles
from iam_resources import resources_of
from moto.core.responses import EmptyResult
from moto.iam import models
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import User, iam_backends
from moto.iam.responses import IamResponse
from moto.s3.models import s3_backends
from moto.sts import responses
from moto.sts.exceptions import STSClientError

# Names of actions, and rights that hang on the input: the same table that the bots' permissions are made by.
ACTIONS = json.loads((Path(__file__).parents[2] / 'shared' / 'aws' / 'iam-actions.json').read_text())

# Of every session that was opened: the role, its tags, and the session policy where there was one.
sessions: dict[str, dict[str, Any]] = {}


def mend() -> None:
    """Puts the mended function in moto's place: it lets anybody assume any role, also one that is not there, and drops
    session policy and tags. Sessions of roles are asked; test keys are not.
    """
    models.IAMBackend._init_aws_policies = aws_policies
    keep_passwords()
    stock = responses.TokenResponse.assume_role

    def assume(self: Any) -> Any:
        caller = sessions.get(access_key_in(dict(self.headers)))
        role = self._get_param('RoleArn')
        tags = {tag['Key']: tag['Value'] for tag in self._get_param('Tags') or []}
        asked = {'ExternalId': self._get_param('ExternalId'), 'RoleSessionName': self._get_param('RoleSessionName')}
        if caller and not trusts(role, caller, asked, tags):
            raise STSClientError(
                'AccessDenied', f'User: {caller["role"]} is not authorized to perform: sts:AssumeRole on resource: {role}'
            )
        answer = stock(self)
        policy = self._get_param('Policy')
        sessions[answer.result['Credentials'].access_key_id] = {
            'role': role,
            'policy': json.loads(policy) if policy else None,
            'tags': tags,
        }
        return answer

    responses.TokenResponse.assume_role = assume
    give_users_boundaries()


def give_users_boundaries() -> None:
    """moto has the permissions boundaries of roles only."""

    def put(self: Any) -> Any:
        arn = self._get_param('PermissionsBoundary')
        boundary = {'PermissionsBoundaryType': 'Policy', 'PermissionsBoundaryArn': arn}
        self.backend.get_user(self._get_param('UserName')).permissions_boundary = boundary
        return EmptyResult()

    def delete(self: Any) -> Any:
        self.backend.get_user(self._get_param('UserName')).permissions_boundary = None
        return EmptyResult()

    User.permissions_boundary = None
    IamResponse.put_user_permissions_boundary = put
    IamResponse.delete_user_permissions_boundary = delete


def keep_passwords() -> None:
    """moto forgets a user's password where UpdateLoginProfile says nothing of it, and the flag likewise."""
    stock = models.IAMBackend.update_login_profile

    def update(self: Any, user_name: str, password: Any, password_reset_required: Any) -> Any:
        user = self.get_user(user_name)
        flag = user.password_reset_required if password_reset_required is None else password_reset_required
        return stock(self, user_name, password or user.password, flag)

    models.IAMBackend.update_login_profile = update


# The policies of AWS's own that bots and their tests need: moto loads all or none, and all of them takes seconds.
AWS_POLICIES = (
    'AWSDenyAll',
    'AWSSupportAccess',
    'AmazonRDSEnhancedMonitoringRole',
    'AmazonSSMManagedInstanceCore',
    'CloudWatchAgentServerPolicy',
)


@cache
def aws_policy_data() -> dict[str, Any]:
    """What moto knows of them."""
    known = json.loads(aws_managed_policies_data)
    return {name: known[name] for name in AWS_POLICIES}


def aws_policies(self: Any) -> list[Any]:
    """Them, for one account."""
    return [
        models.AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data)
        for name, data in aws_policy_data().items()
    ]


def trusts(role_arn: str, caller: dict[str, Any], asked: dict[str, str | None], tags: dict[str, str]) -> bool:
    """Whether the role's trust policy lets the caller in, with the tags that it gives the session."""
    role = role_of(role_arn)
    if role is None:
        return False
    context: Context = {
        'aws:principalarn': [caller['role']],
        'aws:principalaccount': [caller['role'].split(':')[4]],
        'aws:tagkeys': [*tags],
        **{f'sts:{key.lower()}': [value] for key, value in asked.items() if value},
        **{f'aws:requesttag/{key}'.lower(): [value] for key, value in tags.items()},
        **{f'aws:principaltag/{key}'.lower(): [value] for key, value in caller['tags'].items()},
    }
    needed = ['sts:AssumeRole', *(['sts:TagSession'] if tags else [])]
    statements = list(listed(parsed(role.assume_role_policy_document)['Statement']))
    return all(any(lets_in(one, action, caller['role'], context) for one in statements) for action in needed)


def lets_in(statement: dict[str, Any], action: str, caller: str, context: Context) -> bool:
    """Whether one statement of a trust policy lets the caller in."""
    principal = statement.get('Principal', {})
    principals = listed(principal.get('AWS', [])) if isinstance(principal, dict) else [principal]
    account = caller.split(':')[4]
    known = (caller, account, f'arn:aws:iam::{account}:root', '*')
    return (
        statement['Effect'] == 'Allow'
        and any(one in known for one in principals)
        and speaks_of(statement, action, None, context)
    )


def refused(call: Call) -> Answer | None:
    """The answer to a request that its session does not allow; None: it may go on."""
    session = sessions.get(call.access_key)
    policies = policies_of(session) if session else []
    if not session or not policies or call.operation == 'GetCallerIdentity' or asks_for_nothing(call):
        return None
    account = session['role'].split(':')[4]
    context = context_of(call, session, account)
    for action, resources, more in needs_of(call, account):
        for resource in resources:
            keys = {**context, **more, **tags_on(resource or '')}
            why = why_not(policies, action, resource, keys)
            if why:
                return denial(call, session, action, resource, why)
    return None


def why_not(policies: list[Policy], action: str, resource: str | None, context: Context) -> str | None:
    """What IAM says of a request that it denies, a deny before what is merely not allowed; None: it is allowed."""
    silent: list[str] = []
    for kind, policy in policies:
        if granted(policy, action, resource, context):
            continue
        if any(one['Effect'] == 'Deny' and speaks_of(one, action, resource, context) for one in listed(policy['Statement'])):
            return f'with an explicit deny in {"an" if kind[0] == "i" else "a"} {kind}'
        silent.append(kind)
    return f'because no {silent[0]} allows the {action} action' if silent else None


def granted(policy: dict[str, Any], action: str, resource: str | None, context: Context) -> bool:
    """Whether a policy allows an action on a resource, or on anything at all where the resource is not known."""
    if resource is not None:
        return allows(policy, action, resource, context)
    return any(
        one['Effect'] == 'Allow' and speaks_of(one, action, None, context) for one in listed(policy['Statement'])
    )


def account_of(call: Call | None) -> str:
    """The account of the session that calls; none for a key that no session has."""
    session = sessions.get(call.access_key) if call else None
    return session['role'].split(':')[4] if session else ''


LINK = 'iam:CreateServiceLinkedRole'


def linked_role(service: str, account: str) -> list[Any]:
    """The role that a service has itself made: its name is the service's, its path names the service."""
    return [f'arn:aws:iam::{account}:role/aws-service-role/{service}/AWSServiceRoleFor']


Need = tuple[str, list[str] | list[None], Context]


def needs_of(call: Call, account: str) -> list[Need]:
    """The actions that a call needs, each with its resources and the condition keys that are its own."""
    action = action_of(call)
    linked = linked_role(call.input.get('AWSServiceName'), account) if action == LINK else None
    needs: list[Need] = [(action, linked or resources_of(action, call, account) or [None], {})]
    for one in ACTIONS['byInput']:
        if not is_for(one['action'], action):
            continue
        value = at(call.input, one['field'].split('.')) if 'field' in one else None
        if 'field' in one and (value in (None, '') or ('is' in one and value != one['is'])):
            continue
        if 'like' in one and not re.match(one['like'], str(value)):
            continue
        more: Context = {}
        if one['needs'] == 'iam:PassRole':
            resources: list[Any] = passed_roles(value, call, account)
            more = {'iam:passedtoservice': [one['to']]}
        elif one['needs'] == LINK:
            resources = linked_role(one['to'], account)
        elif one['needs'].startswith('cloudwatch:') and call.prefix == 'application-autoscaling':
            alarm = f'alarm:TargetTracking-{call.input["ResourceId"]}-ProvisionedCapacityHigh'
            resources = [f'arn:aws:cloudwatch:{call.region}:{account}:{alarm}']
        elif call.prefix == 'cloudfront' and one['needs'].startswith('s3:'):
            resources = [f'arn:aws:s3:::{str(value).removesuffix(".s3.amazonaws.com")}']
        elif one['needs'] == 'ec2:CreateTags':
            resources = [
                f'arn:aws:ec2:{call.region}:{"" if spec["ResourceType"] in ("snapshot", "image") else account}:{spec["ResourceType"]}/*'
                for spec in value
                if spec.get('ResourceType')
            ]
            more = {'ec2:createaction': [call.operation]}
        else:
            resources = resources_of(one['needs'], call, account) or [None]
            if one['needs'].startswith('kms:'):
                # The service uses the key for the caller. Source: KMS, condition keys.
                more = {'kms:viaservice': [f'{call.prefix}.{call.region}.amazonaws.com']}
        needs.append((one['needs'], resources, more))
    return needs


def action_of(call: Call) -> str:
    """The IAM action of a call; API Gateway's are the methods of HTTP."""
    if call.prefix == 'apigateway':
        return f'apigateway:{call.method}'
    names = ACTIONS['otherNames']
    endpoint = 's3control' if call.model_name == 's3control' else call.prefix
    return str(names.get(f'{endpoint}:{call.operation}', f'{call.prefix}:{call.operation}'))


def is_for(pattern: str, action: str) -> bool:
    """Whether a line of the table is about an action."""
    return action.startswith(pattern[:-1]) if pattern.endswith('*') else action == pattern


# What kind of policy it is, in the words of IAM's denials, and the document.
Policy = tuple[str, dict[str, Any]]


def policies_of(session: dict[str, Any]) -> list[Policy]:
    """What must all allow a request: the organization, the session policy, what the role has and what bounds it. A role
    that is not there has no say.
    """
    role = role_of(session['role'])
    above = [('service control policy', one) for one in control_policies(session['role'].split(':')[4])]
    policies = [*above, *([('session policy', session['policy'])] if session['policy'] else [])]
    if role is None:
        return policies
    managed = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.version_id == policy.default_version_id
    ]
    own = [*role.policies.values(), *managed]
    return [
        *policies,
        *(('permissions boundary', one) for one in boundary_of(role)),
        ('identity-based policy', {'Statement': [one for each in own for one in listed(parsed(each)['Statement'])]}),
    ]


def role_of(arn: str) -> Any:
    """The role of an ARN; None: there is none."""
    account, name = arn.split(':')[4], arn.split('/')[-1]
    roles = iam_backends[account]['aws'].roles.values()
    return next((role for role in roles if role.name == name), None)


# What services call a denial. Source: recorded answers, in testing/recorded.
DENIALS = {'ec2': 'UnauthorizedOperation', 'sns': 'AuthorizationError'}


def denial(call: Call, session: dict[str, Any], action: str, resource: str | None, why: str) -> Answer:
    """Access denied, in the words of the service's protocol."""
    usual = 'AccessDeniedException' if 'json' in call.model.metadata['protocol'] else 'AccessDenied'
    code = DENIALS.get(call.model_name, usual)
    message = f'User: {session["role"]} is not authorized to perform: {action} on resource: {resource or "*"} {why}'
    status, headers, body = error(call, code, message, '403 Forbidden')
    return status, [*headers, *where_it_lies(call)], body


def asks_for_nothing(call: Call) -> bool:
    """S3 says of a bucket that is not there that it is not, whoever asks: nobody owns it who could forbid it. Source: S3
    API, HeadBucket.
    """
    return call.operation == 'HeadBucket' and not where_it_lies(call)


def where_it_lies(call: Call) -> list[tuple[str, str]]:
    """S3 tells the region of a bucket also to those who may not read it. Source: S3 API, HeadBucket."""
    if call.operation != 'HeadBucket':
        return []
    buckets = [backends['aws'].buckets.get(call.input['Bucket']) for backends in s3_backends.values()]
    return [('x-amz-bucket-region', bucket.region_name) for bucket in buckets if bucket]


def access_key_in(headers: dict[str, str]) -> str:
    """The access key that signed a request."""
    return headers.get('Authorization', '').partition('Credential=')[2].split('/')[0]
