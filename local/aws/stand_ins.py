"""Switches of an account or a region of which moto has no operation: each is a value that is kept and told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from calls import Answer, Call, error, output

# Whose keys name no account. Source: moto's default.
DEFAULT_ACCOUNT = '123456789012'
SHARING = '/ssm/documents/console/public-sharing-permission'

State = dict[str, Any]
states: defaultdict[tuple[str, str, str], State] = defaultdict(dict)


class Refused(Exception):
    """What the service answers instead: code and message."""


def answered(call: Call | None, account: str) -> Answer | None:
    """The answer of a stand-in; None: the operation has none."""
    operation = OPERATIONS.get(f'{call.prefix}:{call.operation}') if call else None
    if call is None or operation is None:
        return None
    state = states[(account or DEFAULT_ACCOUNT, call.region, call.prefix)]
    try:
        return output(call, operation(state, call.input))
    except Refused as refused:
        return error(call, *refused.args)


def kept(name: str, member: str, value: Any) -> Callable[[State, State], State]:
    """Keeps a value, or the member of the input that has that name, and tells it."""

    def keep(state: State, said: State) -> State:
        state[name] = said.get(member, value)
        return {member: state[name]}

    return keep


def told(name: str, member: str, default: Any, **more: Any) -> Callable[[State, State], State]:
    """Tells what is kept."""
    return lambda state, _: {member: state.get(name, default), **more}


def macie(state: State, _: State) -> State:
    """The session, or that there is none, which Macie says with the code of a denial."""
    if 'status' not in state:
        raise Refused('AccessDeniedException', 'Macie is not enabled.', '403 Forbidden')
    return {'status': state['status']}


def set_macie(state: State, said: State) -> State:
    """Turns Macie on, lets it pause, and go on."""
    state['status'] = said.get('status', 'ENABLED')
    return {}


def setting(state: State, said: State) -> State:
    """A setting of Systems Manager."""
    name = said['SettingId']
    return {'ServiceSetting': {'SettingId': name, 'SettingValue': state.get(name, 'Enable' if name == SHARING else '')}}


def set_setting(state: State, said: State) -> State:
    """Sets a setting of Systems Manager."""
    state[said['SettingId']] = said['SettingValue']
    return {}


def make_analyzer(state: State, said: State) -> State:
    """An analyzer looks at once."""
    name = said['analyzerName']
    if name in state:
        raise Refused('ConflictException', f'analyzer {name} is there already', '409 Conflict')
    state[name] = {
        'arn': f'arn:aws:access-analyzer:::analyzer/{name}',
        'name': name,
        'type': said['type'],
        'status': 'ACTIVE',
        'createdAt': 0,
    }
    return {'arn': state[name]['arn']}


def delete_analyzer(state: State, said: State) -> State:
    """What is not there is deleted all the same."""
    state.pop(said['analyzerName'], None)
    return {}


def standards(state: State, _: State) -> State:
    """The standards of Security Hub that are on."""
    return {
        'StandardsSubscriptions': [
            {
                'StandardsArn': arn,
                'StandardsSubscriptionArn': f'{arn}/subscription',
                'StandardsInput': {},
                'StandardsStatus': 'READY',
            }
            for arn in state
        ]
    }


def enable_standards(state: State, said: State) -> State:
    """Turns standards on."""
    state.update({one['StandardsArn']: True for one in said['StandardsSubscriptionRequests']})
    return standards(state, said)


def disable_standards(state: State, said: State) -> State:
    """Turns standards off."""
    for arn in said['StandardsSubscriptionArns']:
        state.pop(arn.removesuffix('/subscription'), None)
    return standards(state, said)


OPERATIONS: dict[str, Callable[[State, State], State]] = {
    'access-analyzer:CreateAnalyzer': make_analyzer,
    'access-analyzer:DeleteAnalyzer': delete_analyzer,
    'access-analyzer:ListAnalyzers': lambda state, _: {'analyzers': list(state.values())},
    'ec2:DisableImageBlockPublicAccess': lambda state, _: kept('image', 'ImageBlockPublicAccessState', 'unblocked')(state, {}),
    'ec2:DisableSnapshotBlockPublicAccess': lambda state, _: kept('snapshot', 'State', 'unblocked')(state, {}),
    'ec2:EnableImageBlockPublicAccess': kept('image', 'ImageBlockPublicAccessState', 'block-new-sharing'),
    'ec2:EnableSnapshotBlockPublicAccess': kept('snapshot', 'State', 'block-all-sharing'),
    'ec2:GetImageBlockPublicAccessState': told('image', 'ImageBlockPublicAccessState', 'unblocked', ManagedBy='account'),
    'ec2:GetSnapshotBlockPublicAccessState': told('snapshot', 'State', 'unblocked', ManagedBy='account'),
    # moto has Macie on in every account.
    'macie2:DisableMacie': lambda state, _: state.clear() or {},
    'macie2:EnableMacie': set_macie,
    'macie2:GetMacieSession': macie,
    'macie2:UpdateMacieSession': set_macie,
    'securityhub:BatchDisableStandards': disable_standards,
    'securityhub:BatchEnableStandards': enable_standards,
    'securityhub:GetEnabledStandards': standards,
    'ssm:GetServiceSetting': setting,
    'ssm:UpdateServiceSetting': set_setting,
}
