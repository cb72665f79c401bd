"""DynamoDB: moto drops what UpdateTable says about encryption, keeps the old values of tags, and lets writes get between a
condition and what is written under it; for a transaction it copies the table.
"""

from __future__ import annotations

from threading import RLock
from typing import Any

from moto.dynamodb import responses
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import TransactionCanceledException
from moto.dynamodb.models import DynamoDBBackend


def mend() -> None:
    """Puts the mended functions in moto's place."""
    keep_encryption()
    give_each_tag_one_value()
    write_atomically()


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


Reason = tuple[str | None, str | None, Any]


def write_atomically() -> None:
    """One write at a time: moto looks at a condition and writes later, and takes back a transaction by putting the whole
    table back as it was, with it what others have written meanwhile.
    """
    lock = RLock()

    def locked(stock: Any) -> Any:
        def write(self: Any, *given: Any, **named: Any) -> Any:
            with lock:
                return stock(self, *given, **named)

        return write

    for name in ('put_item', 'update_item', 'delete_item'):
        setattr(DynamoDBBackend, name, locked(getattr(DynamoDBBackend, name)))

    stock = DynamoDBBackend.transact_write_items

    def transact(self: Any, transact_items: list[dict[str, Any]]) -> None:
        if any(op.get('Put') or op.get('Delete') or op.get('ConditionCheck') for op in transact_items):
            return stock(self, transact_items)
        reasons = [refusal(self, op['Update']) for op in transact_items]
        if any(code for code, _, _ in reasons):
            raise TransactionCanceledException(reasons)
        for op in transact_items:
            update = op['Update']
            self.update_item(
                update['TableName'],
                update['Key'],
                update_expression=update['UpdateExpression'],
                expression_attribute_names=update.get('ExpressionAttributeNames'),
                expression_attribute_values=update.get('ExpressionAttributeValues'),
            )
        return None

    DynamoDBBackend.transact_write_items = locked(transact)


def refusal(backend: Any, update: dict[str, Any]) -> Reason:
    """Why the condition of an update refuses it, in the words of a cancelled transaction."""
    condition = update.get('ConditionExpression')
    if condition is None:
        return (None, None, None)
    names, values = update.get('ExpressionAttributeNames'), update.get('ExpressionAttributeValues')
    if get_filter_expression(condition, names, values).expr(backend.get_item(update['TableName'], update['Key'])):
        return (None, None, None)
    return ('ConditionalCheckFailed', 'The conditional request failed', None)
