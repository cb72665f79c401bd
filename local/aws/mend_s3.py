"""S3: moto enforces bucket policies but reads no conditions, and knows not all that lies in a region."""

from __future__ import annotations

import json
from typing import Any

from moto.iam import policy_validation
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def mend() -> None:
    """Puts the mended functions in moto's place."""
    enforce_only_unconditional_statements()
    take_regions_of_all_that_has_one()


def enforce_only_unconditional_statements() -> None:
    """moto reads no conditions, so a deny of plain HTTP locks everybody out. A statement whose condition cannot be judged is left out, as for the ordinary caller whom it does not meet."""

    def get_permission(self: Any, action: str, resource: str) -> Any:
        if self.policy is None:
            return PermissionResult.NEUTRAL
        statements = json.loads(self.policy.decode()).get('Statement', [])
        every = statements if isinstance(statements, list) else [statements]
        document = {'Statement': [each for each in every if 'Condition' not in each]}
        return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission


def take_regions_of_all_that_has_one() -> None:
    """moto takes a region in a policy's ARN for access points alone, not for access grants and Storage Lens."""
    rules = policy_validation.SERVICE_TYPE_REGION_INFORMATION_ERROR_ASSOCIATIONS
    rules['s3']['valid_starting_values'] += ['access-grants/', 'storage-lens-group/']
