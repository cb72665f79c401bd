"""Athena: moto changes no workgroup, and answers with nothing for one that is not there."""

from __future__ import annotations

from typing import Any

from moto.athena import responses
from moto.core.exceptions import JsonRESTError


def mend() -> None:
    """Puts what is missing into moto's place."""
    responses.AthenaResponse.update_work_group = update
    stock = responses.AthenaResponse.get_work_group

    def get(self: Any) -> Any:
        group_of(self)
        return stock(self)

    responses.AthenaResponse.get_work_group = get


def update(self: Any) -> str:
    """Changes what the request says, and nothing else."""
    group = group_of(self)
    group.configuration.update(self._get_param('ConfigurationUpdates') or {})
    group.state = self._get_param('State') or group.state
    return '{}'


def group_of(self: Any) -> Any:
    """The workgroup that a request names."""
    name = self._get_param('WorkGroup')
    if name not in self.athena_backend.work_groups:
        raise JsonRESTError('InvalidRequestException', f'WorkGroup {name} is not found.')
    return self.athena_backend.work_groups[name]
