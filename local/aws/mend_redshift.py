"""Redshift: moto shows the parameters of a group, and cannot change them."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.redshift import models, responses
from moto.redshift.exceptions import InvalidParameterValueError


def mend() -> None:
    """Puts the mended functions in moto's place."""
    responses.RedshiftResponse.modify_cluster_parameter_group = modify_cluster_parameter_group
    stock = models.RedshiftBackend.describe_cluster_parameters

    def describe(self: Any, parameter_group_name: str) -> list[dict[str, Any]]:
        parameters = stock(self, parameter_group_name)
        values = getattr(self.parameter_groups[parameter_group_name], 'values', {})
        return [
            {**one, 'ParameterValue': values[one['ParameterName']], 'Source': 'user'}
            if one['ParameterName'] in values
            else one
            for one in parameters
        ]

    models.RedshiftBackend.describe_cluster_parameters = describe


def modify_cluster_parameter_group(self: Any) -> ActionResult:
    """Keeps the values on the group; the default group has none of its own."""
    name = self._get_param('ParameterGroupName')
    (group,) = self.redshift_backend.describe_cluster_parameter_groups(name)
    if name.startswith('default.'):
        raise InvalidParameterValueError('Default parameter groups cannot be modified.')
    told = {one['ParameterName']: one['ParameterValue'] for one in self._get_param('Parameters', [])}
    group.values = {**getattr(group, 'values', {}), **told}
    return ActionResult({'ParameterGroupName': name, 'ParameterGroupStatus': 'Your parameter group has been updated.'})
