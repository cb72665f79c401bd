"""The actions that local AWS can judge by action alone: no member of their input names what they act on."""

from __future__ import annotations

import json
import re
from typing import Any

from arns import tail
from calls import is_known, model_of
from iam_resources import EC2_PATHS, HERE, MEMBERS, REFERENCE

NAMES = json.loads((HERE.parents[1] / 'shared' / 'aws' / 'iam-actions.json').read_text())
# Models under another name than the actions' prefix, and rights that no operation has: they hang on the input of others.
MODELS = {
    'elasticloadbalancing': 'elbv2',
    'elasticfilesystem': 'efs',
    'es': 'opensearch',
    'states': 'stepfunctions',
}
BESIDE = {one['needs'] for one in NAMES['byInput']}
ARNS = ['ResourceArn', 'resourceArn', 'Arn', 'arn']


def by_action_alone() -> list[str]:
    """The list, from IAM's reference and the services' models."""
    return [action for action, types in REFERENCE['actions'].items() if types and not is_named(action, types)]


def is_named(action: str, types: list[str]) -> bool:
    """Whether a member of the operation's input names one of the action's resource types, or the operation makes it."""
    prefix, name = action.split(':')
    if action in BESIDE:
        return True
    operations = [operation_of(one) for one in [action, *(k for k, v in NAMES['otherNames'].items() if v == action)]]
    inputs = [members_of(one) for one in operations if one]
    if name.startswith(('Create', 'RegisterTaskDefinition', 'List', 'Describe')) and any(inputs):
        return True
    return any(bool(said & set(candidates(prefix, kind.rstrip('!')))) for said in inputs for kind in types)


def candidates(prefix: str, kind: str) -> list[str]:
    """The members by which resources of a type are looked for, in small letters."""
    if prefix == 'ec2':
        return [path.split('.')[0].lower() for path in [*EC2_PATHS, 'AssociationId', 'KeyName']]
    template = REFERENCE['types'][f'{prefix}:{kind}']
    variables = re.findall(r'\$\{(\w+)\}', tail(template))
    if not variables:
        return ['*']
    return [path.split('.')[0].lower() for path in MEMBERS.get(f'{prefix}:{kind}') or [variables[-1], *ARNS]]


def operation_of(action: str) -> Any:
    """The operation of an action's name; None: it goes by another name, or there is none."""
    prefix, name = action.split(':')
    model = MODELS.get(prefix, prefix)
    return model_of(model).operation_model(name) if is_known(model) and name in model_of(model).operation_names else None


def members_of(operation: Any) -> set[str]:
    """The members of an operation's input, and `*` for what is named by no member."""
    shape = operation.input_shape
    return {'*', *(name.lower() for name in (shape.members if shape else {}))}
