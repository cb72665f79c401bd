"""Policies as IAM evaluates them: actions, resources and conditions; a deny outweighs every allow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

# By context key in small letters, the values that the request has for it.
Context = dict[str, list[str]]


def allows(policy: dict[str, Any], action: str, resource: str, context: Context) -> bool:
    """Whether a policy allows an action on a resource."""
    effects = {one['Effect'] for one in listed(policy['Statement']) if speaks_of(one, action, resource, context)}
    return effects == {'Allow'}


def speaks_of(statement: dict[str, Any], action: str, resource: str | None, context: Context) -> bool:
    """Whether a statement is about an action on a resource in this context. None: a statement that names no resources."""
    if 'NotAction' in statement:
        if any(like(one.lower(), action.lower()) for one in listed(statement['NotAction'])):
            return False
    elif not any(like(one.lower(), action.lower()) for one in listed(statement.get('Action', []))):
        return False
    if resource is not None:
        if 'NotResource' in statement:
            if any(like(filled(one, context), resource) for one in listed(statement['NotResource'])):
                return False
        elif not any(like(filled(one, context), resource) for one in listed(statement.get('Resource', []))):
            return False
    return all(
        meets(operator, listed(wanted), context.get(key.lower(), []), context)
        for operator, tests in statement.get('Condition', {}).items()
        for key, wanted in tests.items()
    )


def meets(operator: str, wanted: Iterable[Any], values: list[str], context: Context) -> bool:
    """Whether a context key's values meet one test."""
    name = operator
    quantifier, _, rest = operator.partition(':')
    if rest:
        name = rest
    if name == 'Null':
        return (not values) == (str(next(iter(wanted))).lower() == 'true')
    if_exists = name.endswith('IfExists')
    name = name.removesuffix('IfExists')
    texts = [filled(str(one).lower() if isinstance(one, bool) else str(one), context) for one in wanted]
    is_negated = name in NEGATED
    test = TESTS[NEGATED.get(name, name)]
    if not values:
        return if_exists or is_negated or quantifier == 'ForAllValues'

    def one_meets(value: str) -> bool:
        return any(test(text, value) for text in texts) != is_negated

    return all(map(one_meets, values)) if quantifier == 'ForAllValues' or is_negated else any(map(one_meets, values))


def address_within(network: str, value: str) -> bool:
    """Whether an address lies in a network."""
    return ip_address(value) in ip_network(network, strict=False)


def like(pattern: str, value: str) -> bool:
    """IAM's wildcards: `*` for anything, `?` for one character."""
    return pattern == '*' or wildcards(pattern).fullmatch(value) is not None


@cache
def wildcards(pattern: str) -> re.Pattern[str]:
    """The pattern as an expression."""
    return re.compile(re.escape(pattern).replace(r'\*', '.*').replace(r'\?', '.'), re.DOTALL)


Test = Callable[[str, str], bool]
TESTS: dict[str, Test] = {
    'StringEquals': lambda wanted, value: wanted == value,
    'StringEqualsIgnoreCase': lambda wanted, value: wanted.lower() == value.lower(),
    'StringLike': like,
    'ArnEquals': like,
    'ArnLike': like,
    'Bool': lambda wanted, value: wanted.lower() == value.lower(),
    'IpAddress': address_within,
    'NumericEquals': lambda wanted, value: float(value) == float(wanted),
    'NumericLessThan': lambda wanted, value: float(value) < float(wanted),
    'NumericLessThanEquals': lambda wanted, value: float(value) <= float(wanted),
    'NumericGreaterThan': lambda wanted, value: float(value) > float(wanted),
    'NumericGreaterThanEquals': lambda wanted, value: float(value) >= float(wanted),
    'DateLessThan': lambda wanted, value: value < wanted,
    'DateGreaterThan': lambda wanted, value: value > wanted,
}
NEGATED = {
    'StringNotEquals': 'StringEquals',
    'StringNotEqualsIgnoreCase': 'StringEqualsIgnoreCase',
    'StringNotLike': 'StringLike',
    'ArnNotEquals': 'ArnLike',
    'ArnNotLike': 'ArnLike',
    'NotIpAddress': 'IpAddress',
    'NumericNotEquals': 'NumericEquals',
}


def filled(text: str, context: Context) -> str:
    """A text with its policy variables, `${aws:PrincipalTag/team}`; one without a value matches nothing."""
    if '${' not in text:
        return text
    return re.sub(r'\$\{([^}]+)\}', lambda found: (context.get(found[1].lower()) or ['${}'])[0], text)


def listed(value: Any) -> Iterable[Any]:
    """One or several, as a list."""
    return value if isinstance(value, list) else [value]
