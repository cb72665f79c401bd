"""DynamoDB: moto drops what UpdateTable says about encryption."""

from __future__ import annotations

from typing import Any

from moto.dynamodb import responses


def mend() -> None:
    """Puts the mended function in moto's place."""
    stock = responses.DynamoHandler.update_table

    def update_table(self: Any) -> Any:
        told = self.body.get('SSESpecification')
        if told is not None:
            table = self.dynamodb_backend.get_table(self.body['TableName'])
            default_key = table._get_default_encryption_key(self.current_account, self.region)
            table.sse_specification = {'KMSMasterKeyId': default_key, **told} if told.get('Enabled') else None
        return stock(self)

    responses.DynamoHandler.update_table = update_table
