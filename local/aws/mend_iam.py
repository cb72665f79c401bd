"""IAM and STS: a session may do what its role and its session policy both say, and roles are assumed by those whom they trust."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.session import get_session
from moto.iam.models import iam_backends
from moto.sts import responses
from moto.sts.exceptions import STSClientError

# Of every session that was opened: the role, its tags, and the session policy where there was one.
sessions: dict[str, dict[str, Any]] = {}

# Operations whose action in IAM has another name. Source: Service Authorization Reference.
OTHER_ACTIONS = {
    's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
    's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
    's3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
    's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
    's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
    's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
    's3:HeadBucket': 's3:ListBucket',
    's3:GetBucketCors': 's3:GetBucketCORS',
    's3:PutBucketCors': 's3:PutBucketCORS',
    's3:DeleteBucketOwnershipControls': 's3:PutBucketOwnershipControls',
    's3control:GetPublicAccessBlock': 's3:GetAccountPublicAccessBlock',
    's3control:PutPublicAccessBlock': 's3:PutAccountPublicAccessBlock',
    's3control:DeletePublicAccessBlock': 's3:PutAccountPublicAccessBlock',
    'lambda:Invoke': 'lambda:InvokeFunction',
    'sns:PublishBatch': 'sns:Publish',
    'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
    'sqs:SendMessageBatch': 'sqs:SendMessage',
}

# Services that sign with another name than that of their actions.
OTHER_SERVICES = {'monitoring': 'cloudwatch'}


def mend() -> None:
    """Puts the mended function in moto's place: it lets anybody assume any role, also one that is not there, and drops
    session policy and tags. Sessions of roles are asked; test keys are not.
    """
    stock = responses.TokenResponse.assume_role

    def assume(self: Any) -> Any:
        caller = sessions.get(access_key_in(dict(self.headers)))
        role = self._get_param('RoleArn')
        tags = {tag['Key']: tag['Value'] for tag in self._get_param('Tags') or []}
        if caller and not (trusts(role, caller['role'], self._get_param('ExternalId')) and may_tag(caller, tags)):
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


def may_tag(caller: dict[str, Any], tags: dict[str, str]) -> bool:
    """Whether the caller's own policies let it give a session these tags."""
    asked = {f'aws:RequestTag/{key}': value for key, value in tags.items()}
    return not tags or all(allows(policy, 'sts:TagSession', asked) for policy in policies_of(caller))


def trusts(role_arn: str, caller: str, external_id: str | None) -> bool:
    """Whether the role's trust policy lets the caller in. Conditions that are not known here let nobody in."""
    account, name = role_arn.split(':')[4], role_arn.split('/')[-1]
    backend = iam_backends[account]['aws']
    role = next((role for role in backend.roles.values() if role.name == name), None)
    if role is None:
        return False
    statements = parsed(role.assume_role_policy_document)['Statement']
    return any(lets_in(statement, caller, external_id) for statement in listed(statements))


def lets_in(statement: dict[str, Any], caller: str, external_id: str | None) -> bool:
    """Whether one statement of a trust policy lets the caller in."""
    principals = listed(statement.get('Principal', {}).get('AWS', []))
    root = f'arn:aws:iam::{caller.split(":")[4]}:root'
    values = {'aws:PrincipalArn': caller, 'sts:ExternalId': external_id or ''}
    matches: dict[str, Callable[[str, str], bool]] = {
        'StringEquals': lambda value, wanted: value == wanted,
        'ArnLike': fnmatchcase,
    }
    return (
        statement['Effect'] == 'Allow'
        and any(principal in (caller, root) for principal in principals)
        and all(
            operator in matches
            and key in values
            and any(matches[operator](values[key], one) for one in listed(wanted))
            for operator, keys in statement.get('Condition', {}).items()
            for key, wanted in keys.items()
        )
    )


def refused(environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes] | None:
    """The answer to a request that its session does not allow; None: it may go on."""
    headers = {'Authorization': environ.get('HTTP_AUTHORIZATION', '')}
    session = sessions.get(access_key_in(headers))
    policies = policies_of(session) if session else []
    if not session or not policies:
        return None
    name = headers['Authorization'].partition('Credential=')[2].split('/')[3]
    service = OTHER_SERVICES.get(name, name)
    operation = operation_of(service, environ)
    endpoint = 's3control' if environ.get('PATH_INFO', '').startswith('/v20180820/') else service
    action = OTHER_ACTIONS.get(f'{endpoint}:{operation}', f'{service}:{operation}')
    tags = {f'aws:PrincipalTag/{key}': value for key, value in session['tags'].items()}
    if action == 'sts:GetCallerIdentity' or all(allows(policy, action, tags) for policy in policies):
        return None
    return denial(service, f'{session["role"]} is not authorized to perform: {action}')


def policies_of(session: dict[str, Any]) -> list[dict[str, Any]]:
    """What must all allow a request: the session policy, and what the role has; a role that is not there has no say."""
    account, name = session['role'].split(':')[4], session['role'].split('/')[-1]
    roles = iam_backends[account]['aws'].roles.values()
    role = next((role for role in roles if role.name == name), None)
    policies = [session['policy']] if session['policy'] else []
    if role is None:
        return policies
    managed = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.version_id == policy.default_version_id
    ]
    documents = [*role.policies.values(), *managed]
    return [*policies, {'Statement': [one for document in documents for one in listed(parsed(document)['Statement'])]}]


def parsed(document: Any) -> Any:
    """A policy document, which moto keeps as text or as it came."""
    return json.loads(document) if isinstance(document, str) else document


def allows(policy: dict[str, Any], action: str, tags: dict[str, str]) -> bool:
    """Whether the policy allows the action on anything, to who has these tags; which resources are meant, moto cannot
    tell for most services, and conditions on anything but tags are taken as met.
    """
    return any(
        statement['Effect'] == 'Allow'
        and any(fnmatchcase(action, one) for one in listed(statement['Action']))
        and all(
            tags.get(key) in listed(wanted)
            for key, wanted in statement.get('Condition', {}).get('StringEquals', {}).items()
            if key.startswith(('aws:PrincipalTag/', 'aws:RequestTag/'))
        )
        for statement in listed(policy['Statement'])
    )


def operation_of(service: str, environ: dict[str, Any]) -> str:
    """The operation that a request asks for, by the protocol of its service."""
    target = environ.get('HTTP_X_AMZ_TARGET')
    if target:
        return target.split('.')[-1]
    body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
    environ['wsgi.input'] = BytesIO(body)
    if 'urlencoded' in environ.get('CONTENT_TYPE', ''):
        return parse_qs(body.decode()).get('Action', ['?'])[0]
    path, query = unquote(environ.get('PATH_INFO', '/')), parse_qs(environ.get('QUERY_STRING', ''), keep_blank_values=True)
    model = 's3control' if path.startswith('/v20180820/') else service
    fitting = [
        (len(keys), len(pattern.pattern), name)
        for name, method, pattern, keys in rest_operations(model)
        if method == environ['REQUEST_METHOD'] and pattern.fullmatch(path) and keys <= query.keys()
    ]
    # The one that says most: `GET /{Bucket}?acl` rather than `GET /{Bucket}`.
    return max(fitting)[2] if fitting else '?'


@cache
def rest_operations(service: str) -> list[tuple[str, str, re.Pattern[str], frozenset[str]]]:
    """Operations with their method, path, and the words that their query must hold."""
    model = get_session().get_service_model(service)
    operations = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http['requestUri'].partition('?')
        pattern = re.sub(r'\\{(\w+)(\\\+)?\\}', lambda found: '.+' if found[2] else '[^/]+', re.escape(path))
        words = frozenset(word.split('=')[0] for word in query.split('&') if word)
        operations.append((name, http['method'], re.compile(f'{pattern}/?'), words))
    return operations


def denial(service: str, message: str) -> tuple[str, list[tuple[str, str]], bytes]:
    """Access denied, in the words of the service's protocol."""
    protocol = get_session().get_service_model(service).metadata['protocol']
    if protocol == 'ec2':
        error = f'<Code>UnauthorizedOperation</Code><Message>{message}</Message>'
        return xml(f'<Response><Errors><Error>{error}</Error></Errors></Response>')
    if protocol == 'rest-xml':
        return xml(f'<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>')
    if protocol == 'query':
        error = f'<Type>Sender</Type><Code>AccessDenied</Code><Message>{message}</Message>'
        return xml(f'<ErrorResponse><Error>{error}</Error></ErrorResponse>')
    name = 'AccessDeniedException'
    answer = json.dumps({'__type': name, 'message': message}).encode()
    return '403 Forbidden', [('Content-Type', 'application/json'), ('x-amzn-ErrorType', name)], answer


def xml(text: str) -> tuple[str, list[tuple[str, str]], bytes]:
    """An answer in XML."""
    return '403 Forbidden', [('Content-Type', 'text/xml')], text.encode()


def access_key_in(headers: dict[str, str]) -> str:
    """The access key that signed a request."""
    return headers.get('Authorization', '').partition('Credential=')[2].split('/')[0]


def listed(value: Any) -> Iterable[Any]:
    """One or several, as a list."""
    return value if isinstance(value, list) else [value]
