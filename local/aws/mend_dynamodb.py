"""DynamoDB: moto drops what UpdateTable says about encryption, and keeps the old values of tags."""

from __future__ import annotations

from typing import Any

from moto.dynamodb import responses
from moto.dynamodb.models import DynamoDBBackend


def mend() -> None:
    """Puts the mended functions in moto's place."""
    keep_encryption()
    give_each_tag_one_value()


def keep_encryption() -> None:
    """moto answers UpdateTable and forgets about SSESpecification."""
    stock = responses.DynamoHandler.update_table

    def update_table(self: Any) -> Any:
        told = self.body.get('SSESpecification')
        if told is not None:
            table = self.dynamodb_backend.get_table(self.body['TableName'])
            default_key = table._get_default_encryption_key(self.current_account, self.region)
            table.sse_specification = {'KMSMasterKeyId': default_key, **told} if told.get('Enabled') else None
        return stock(self)

    responses.DynamoHandler.update_table = update_table


def give_each_tag_one_value() -> None:
    """moto keeps the old value of a tag beside the new one."""
    stock = DynamoDBBackend.tag_resource

    def tag(self: Any, arn: str, tags: dict[str, str]) -> None:
        self.untag_resource(arn, list(tags))
        stock(self, arn, tags)

    DynamoDBBackend.tag_resource = tag
