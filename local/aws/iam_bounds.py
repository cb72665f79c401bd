"""What bounds the rights of a role from outside: permissions boundaries, and policies of the organization."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from iam_policies import listed
from moto.iam.models import iam_backends
from moto.organizations.models import OrganizationsBackend, organizations_backends


def boundary_of(role: Any) -> list[dict[str, Any]]:
    """The permissions boundary of a role, which must allow what its policies allow."""
    arn = role.permissions_boundary_arn
    policy = iam_backends[role.account_id]['aws'].managed_policies.get(arn) if arn else None
    versions = policy.versions if policy else []
    return [parsed(one.document) for one in versions if one.version_id == policy.default_version_id]


def control_policies(account: str) -> list[dict[str, Any]]:
    """The service control policies over an account, one document for each level from the account up to the root, all of
    which must allow. The management account has none.
    """
    manager, partition = organizations_backends.master_accounts.get(account, (account, 'aws'))
    if manager == account:
        return []
    backend = organizations_backends[manager][partition]
    levels = [[one.content for one in level.attached_policies if one.type == TYPE] for level in above(backend, account)]
    return [{'Statement': [each for text in level for each in listed(parsed(text)['Statement'])]} for level in levels]


TYPE = 'SERVICE_CONTROL_POLICY'


def above(backend: OrganizationsBackend, account: str) -> list[Any]:
    """The account, and the units that it lies in, up to the root. A level to which nobody attached anything bounds nothing:
    moto attaches AWS's own policy to the root alone.
    """
    units: dict[str, Any] = {unit.id: unit for unit in backend.ou}
    found: list[Any] = [one for one in backend.accounts if one.id == account]
    while found and getattr(found[-1], 'parent_id', None) in units:
        found.append(units[found[-1].parent_id])
    return [level for level in found if level.attached_policies]


def parsed(document: Any) -> Any:
    """A policy document, which moto keeps as text or as it came."""
    return read_once(document) if isinstance(document, str) else document


@lru_cache(maxsize=1024)
def read_once(document: str) -> Any:
    """What a text says; judges only read it, for every request."""
    return json.loads(document)
