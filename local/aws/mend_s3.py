"""S3: moto enforces bucket policies but reads no conditions, so a deny of plain HTTP locks everybody out."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def mend() -> None:
    """Puts the mended functions in moto's place."""
    enforce_only_unconditional_statements()


def enforce_only_unconditional_statements() -> None:
    """A statement whose condition cannot be judged is left out, as for the ordinary caller whom it does not meet."""

    def get_permission(self: Any, action: str, resource: str) -> Any:
        if self.policy is None:
            return PermissionResult.NEUTRAL
        statements = json.loads(self.policy.decode()).get('Statement', [])
        every = statements if isinstance(statements, list) else [statements]
        document = {'Statement': [each for each in every if 'Condition' not in each]}
        return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission
