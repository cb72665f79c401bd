"""ARNs as IAM's service reference writes them, and the values that fill them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from calls import Call
from moto.utilities.utils import get_partition


def at(value: Any, path: list[str]) -> Any:
    """What stands at a path, through lists."""
    if isinstance(value, list):
        return [at(one, path) for one in value]
    if not path:
        return value
    return at(value.get(path[0]), path[1:]) if isinstance(value, dict) else None


def strings(value: Any) -> list[str]:
    """All texts of a value that is one or a list of them."""
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) and value else []


def tail(template: str) -> str:
    """What an ARN says behind the account."""
    return template.split(':', 5)[-1]


@cache
def wild(template: str) -> str:
    """The template with `*` for every name."""
    *place, name = template.split(':', 5)
    return ':'.join([*place, re.sub(r'\$\{\w+\}', '*', name)])


def in_place(text: str, call: Call, account: str) -> str:
    """The text with the place of the request."""
    partition = get_partition(call.region)
    return text.replace('${Partition}', partition).replace('${Region}', call.region).replace('${Account}', account)


@cache
def like(template: str) -> re.Pattern[str]:
    """What ARNs of the type look like."""
    return re.compile(re.sub(r'\\\$\\\{\w+\\\}|\\\*', '.*', re.escape(template)))
