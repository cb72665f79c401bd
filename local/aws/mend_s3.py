"""S3: moto enforces bucket policies but reads no conditions, and knows not all that lies in a region."""

from __future__ import annotations

import json
from typing import Any

from moto.iam import policy_validation
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, s3_backends
from moto.s3.responses import S3Response
from moto.utilities.utils import get_partition


def mend() -> None:
    """Puts the mended functions in moto's place."""
    enforce_only_unconditional_statements()
    take_regions_of_all_that_has_one()
    show_eventbridge()
    keep_what_a_template_says_of_a_bucket()


def enforce_only_unconditional_statements() -> None:
    """moto reads neither conditions nor who calls, so a deny of plain HTTP, or of another account, locks everybody out. A statement that cannot be judged is left out, as for the ordinary caller whom it does not meet."""

    def get_permission(self: Any, action: str, resource: str) -> Any:
        if self.policy is None:
            return PermissionResult.NEUTRAL
        statements = json.loads(self.policy.decode()).get('Statement', [])
        every = statements if isinstance(statements, list) else [statements]
        document = {'Statement': [each for each in every if is_for_everyone(each)]}
        return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission


def is_for_everyone(statement: dict[str, Any]) -> bool:
    """The statement is about whoever calls, in whatever circumstances."""
    is_named = statement.get('Principal') not in ('*', {'AWS': '*'}, {'AWS': ['*']})
    return 'Condition' not in statement and not (statement['Effect'] == 'Deny' and is_named)


def take_regions_of_all_that_has_one() -> None:
    """moto takes a region in a policy's ARN for access points alone, not for access grants and Storage Lens."""
    rules = policy_validation.SERVICE_TYPE_REGION_INFORMATION_ERROR_ASSOCIATIONS
    rules['s3']['valid_starting_values'] += ['access-grants/', 'storage-lens-group/']


def show_eventbridge() -> None:
    """moto keeps that a bucket tells EventBridge, and does not say so."""
    stock = S3Response.get_bucket_notification

    def answer(self: Any) -> Any:
        kept = self.backend.get_bucket_notification_configuration(self.bucket_name)
        serialize = self.serialized

        def serialized(answered: Any) -> Any:
            if kept and kept.event_bridge is not None:
                answered.result['EventBridgeConfiguration'] = {}
            return serialize(answered)

        self.serialized = serialized
        return stock(self)

    S3Response.get_bucket_notification = answer


def keep_what_a_template_says_of_a_bucket() -> None:
    """moto drops a bucket's Block Public Access and versioning: bots would find the deployment's own bucket at fault."""
    create, update = FakeBucket.create_from_cloudformation_json, FakeBucket.update_from_cloudformation_json

    def settle(bucket: Any, properties: dict[str, Any], account_id: str, region_name: str) -> Any:
        backend = s3_backends[account_id][get_partition(region_name)]
        block = properties.get('PublicAccessBlockConfiguration')
        if block:
            texts = {key: str(value).lower() for key, value in block.items()}
            backend.put_public_access_block(bucket.name, texts)
        if 'VersioningConfiguration' in properties:
            backend.put_bucket_versioning(bucket.name, properties['VersioningConfiguration']['Status'])
        return bucket

    def create_whole(cls: Any, name: str, cloudformation_json: Any, account_id: str, region_name: str, **kw: Any) -> Any:
        made = create(name, cloudformation_json, account_id, region_name, **kw)
        return settle(made, cloudformation_json.get('Properties', {}), account_id, region_name)

    def update_whole(cls: Any, *args: Any, cloudformation_json: Any, account_id: str, region_name: str, **kw: Any) -> Any:
        made = update(
            *args, cloudformation_json=cloudformation_json, account_id=account_id, region_name=region_name, **kw
        )
        return settle(made, cloudformation_json.get('Properties', {}), account_id, region_name)

    FakeBucket.create_from_cloudformation_json = classmethod(create_whole)
    FakeBucket.update_from_cloudformation_json = classmethod(update_whole)
