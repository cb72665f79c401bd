"""KMS: moto knows that a key rotates, but neither how often nor which keys may not."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time
from moto.kms import models, responses

A_DAY = 86_400


def mend() -> None:
    """Puts the mended functions in moto's place."""
    keep_rotation_period()
    refuse_rotation_where_aws_does()
    keep_key_policies_as_text()
    own_default_keys_by_aws()


def keep_rotation_period() -> None:
    """moto drops RotationPeriodInDays and answers with the status alone."""
    stock = responses.KmsResponse.enable_key_rotation

    def enable(self: Any) -> str:
        answer = stock(self)
        key = key_of(self)
        days = self._get_param('RotationPeriodInDays')
        if days is not None or not hasattr(key, 'rotation_days'):
            key.rotation_days = int(days or 365)
        return answer

    def status(self: Any) -> str:
        key = key_of(self)
        answer: dict[str, Any] = {'KeyId': key.arn, 'KeyRotationEnabled': key.key_rotation_status}
        if key.key_rotation_status:
            days = getattr(key, 'rotation_days', 365)
            answer.update(RotationPeriodInDays=days, NextRotationDate=unix_time() + days * A_DAY)
        return json.dumps(answer)

    responses.KmsResponse.enable_key_rotation = enable
    responses.KmsResponse.get_key_rotation_status = status


def key_of(response: Any) -> Any:
    """The key that a request names by id, ARN or alias."""
    key_id = response._get_param('KeyId')
    response._validate_cmk_id(key_id)
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(key_id)]


def refuse_rotation_where_aws_does() -> None:
    """moto turns rotation on for asymmetric, imported, disabled and dying keys alike."""
    stock = models.KmsBackend.enable_key_rotation

    def enable(self: Any, key_id: str) -> None:
        key = self.keys[self.get_key_id(key_id)]
        if key.key_spec != 'SYMMETRIC_DEFAULT' or key.origin != 'AWS_KMS':
            raise JsonRESTError('UnsupportedOperationException', '')
        if key.key_state == 'PendingDeletion':
            raise JsonRESTError('KMSInvalidStateException', f'{key.arn} is pending deletion.')
        if not key.enabled:
            raise JsonRESTError('DisabledException', f'{key.arn} is disabled.')
        stock(self, key_id)

    models.KmsBackend.enable_key_rotation = enable


def keep_key_policies_as_text() -> None:
    """moto stores a stack's key policy as an object, fails on reading it, and replaces a key rather than change it."""
    create = models.Key.create_from_cloudformation_json

    def create_whole(cls: Any, name: str, cloudformation_json: Any, account_id: str, region: str, **kw: Any) -> Any:
        properties = dict(cloudformation_json['Properties'])
        properties['KeyPolicy'] = json.dumps(properties['KeyPolicy'], default=str) if 'KeyPolicy' in properties else None
        return create(name, {**cloudformation_json, 'Properties': properties}, account_id, region, **kw)

    def update(cls: Any, original_resource: Any, cloudformation_json: Any, **_: Any) -> Any:
        properties = cloudformation_json['Properties']
        if 'KeyPolicy' in properties:
            original_resource.policy = json.dumps(properties['KeyPolicy'], default=str)
        original_resource.key_rotation_status = properties.get('EnableKeyRotation', False)
        original_resource.description = properties.get('Description', '')
        return original_resource

    models.Key.create_from_cloudformation_json = classmethod(create_whole)
    models.Key.update_from_cloudformation_json = classmethod(update)


def own_default_keys_by_aws() -> None:
    """moto makes `alias/aws/…` a customer's key that does not rotate, so every account would have a fault of its own."""
    stock = models.KmsBackend._generate_default_keys

    def generate(self: Any, alias_name: str) -> str | None:
        key_id = stock(self, alias_name)
        if key_id is not None:
            self.keys[key_id].key_manager = 'AWS'
            self.keys[key_id].key_rotation_status = True
        return key_id

    models.KmsBackend._generate_default_keys = generate
