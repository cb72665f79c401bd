"""SQS: moto walks the whole queue for every message and lets two receives share a FIFO group."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from message_store import MessageStore
from moto.core.utils import unix_time
from moto.sqs import models
from moto.sqs.exceptions import InvalidParameterValue, ReceiptHandleIsInvalid, SQSException

STALE_HANDLE = 'Value {0} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.'
TWELVE_HOURS = 43_200


def mend(server_url: Callable[[], str]) -> None:
    """Puts the mended functions in moto's place."""
    keep_messages_in_a_store()
    use_local_queue_urls(server_url)
    keep_policy_when_other_attributes_change()
    update_every_property_from_cloudformation()
    models.camelcase_to_underscores = lru_cache(maxsize=None)(models.camelcase_to_underscores)


def keep_messages_in_a_store() -> None:
    """moto keeps a list and scans it on every call: 5,000 messages take minutes instead of seconds."""
    queue, backend = models.Queue, models.SQSBackend
    queue.add_message = lambda self, message: store_of(self).add(message, message.delayed_until / 1000)
    queue.delete_message = delete_message
    queue.messages = property(lambda self: visible_messages(self))
    queue.approximate_number_of_messages = property(lambda self: store_of(self).counts()[0])
    queue.approximate_number_of_messages_not_visible = property(lambda self: store_of(self).counts()[1])
    queue.approximate_number_of_messages_delayed = property(lambda self: store_of(self).counts()[2])
    backend.send_message = sending_once(backend.send_message)
    backend.receive_message = receive_message
    backend.change_message_visibility = change_message_visibility
    backend.delete_message_batch = delete_message_batch
    backend.change_message_visibility_batch = change_message_visibility_batch
    backend.purge_queue = lambda self, queue_name: store_of(self.get_queue(queue_name)).clear()


def store_of(queue: Any) -> MessageStore:
    """The store of a queue, made at its first use: a queue learns that it is FIFO while it is constructed."""
    store = queue.__dict__.get('message_store')
    return store if store is not None else queue.__dict__.setdefault(
        'message_store', MessageStore(queue.fifo_queue, unix_time)
    )


def visible_messages(queue: Any) -> list[Any]:
    """What a receive could hand out, for the few readers that moto has besides the queue itself."""
    store = store_of(queue)
    with store.changed:
        hidden = store.in_flight | store.delayed
        return [message for number, message in store.entries.items() if number not in hidden]


def sending_once(stock: Any) -> Any:
    """moto forgets a deduplication id with its message and answers a repeat with a new message id."""

    def send_message(self: Any, queue_name: str, message_body: str, *rest: Any, **options: Any) -> Any:
        queue = self.get_queue(queue_name)
        if not queue.fifo_queue:
            return stock(self, queue_name, message_body, *rest, **options)
        return send_to_fifo(self, queue, stock, message_body, options)

    return send_message


def send_to_fifo(backend: Any, queue: Any, stock: Any, body: str, options: dict[str, Any]) -> Any:
    """Sends unless the same deduplication id was sent, to the group or to the queue, in the last five minutes."""
    if not options.get('deduplication_id') and queue.content_based_deduplication:
        options['deduplication_id'] = hashlib.sha256(body.encode()).hexdigest()
    scope = options.get('group_id') if queue.deduplication_scope == 'messageGroup' else None
    store = store_of(queue)
    with store.changed:
        seen = store.duplicate_of(scope, options.get('deduplication_id') or '')
        if seen:
            repeat = models.Message(seen[0], body, options.get('system_attributes'))
            repeat.message_attributes = options.get('message_attributes') or {}
            repeat.sequence_number = seen[1]
            return repeat
        message = stock(backend, queue.name, body, **options)
        store.sequence = getattr(store, 'sequence', 18_850_000_000_000_000_000) + 256
        message.sequence_number = str(store.sequence)
        store.remember(scope, message)
        return message


def receive_message(
    self: Any,
    queue_name: str,
    count: int,
    wait_seconds_timeout: int,
    visibility_timeout: int,
    message_attribute_names: list[str] | None = None,
) -> list[Any]:
    """Waits for messages, hands them out hidden, and moves what was received too often to the dead letters."""
    queue = self.get_queue(queue_name)
    store = store_of(queue)
    deadline = unix_time() + wait_seconds_timeout
    while True:
        too_often: list[Any] = []
        with store.changed:
            received = take_usable(queue, store, count, visibility_timeout, too_often)
            wait = deadline - unix_time()
            if not received and not too_often and wait > 0:
                until_next = (store.next_change() or deadline) - unix_time()
                store.changed.wait(max(0.005, min(wait, until_next + 0.001)))
        for message in too_often:
            message.delayed_until = 0.0
            queue.dead_letter_queue.add_message(message)
        if received or (wait <= 0 and not too_often):
            return [as_received(message, message_attribute_names or []) for message in received]


def take_usable(queue: Any, store: MessageStore, count: int, timeout: int, too_often: list[Any]) -> list[Any]:
    """Takes messages, leaving out what is older than the retention and what belongs to the dead letters."""
    received: list[Any] = []
    for number, message in store.take(count, unix_time() + int(timeout or 0)):
        if message.sent_timestamp / 1000 + queue.message_retention_period <= unix_time():
            store.remove(number)
        elif exceeds_receives(queue, message):
            too_often.append(store.remove(number))
        else:
            message.mark_received(visibility_timeout=timeout)
            store.handles[message.receipt_handle] = number
            received.append(message)
    return received


def exceeds_receives(queue: Any, message: Any) -> bool:
    """Whether the redrive policy sends the message to the dead-letter queue rather than out again."""
    if queue.dead_letter_queue is None or not queue.redrive_policy:
        return False
    return message.approximate_receive_count >= queue.redrive_policy['maxReceiveCount']


def as_received(message: Any, attribute_names: list[str]) -> Any:
    """A view of the message with the asked attributes; moto copies it deeply, body and all."""
    view = copy.copy(message)
    models._filter_message_attributes(view, attribute_names)
    return view


def held_message(queue: Any, store: MessageStore, handle: str) -> tuple[int, Any]:
    """The message of a handle; on a FIFO queue an old handle is refused, as SQS does once the timeout has passed."""
    found = store.find(handle)
    if found is None:
        raise ReceiptHandleIsInvalid
    if queue.fifo_queue and (found[1].receipt_handle != handle or not store.is_in_flight(found[0])):
        raise InvalidParameterValue(STALE_HANDLE.format(handle))
    return found


def delete_message(self: Any, receipt_handle: str) -> None:
    """Deletes by handle; deleting twice is no error."""
    store = store_of(self)
    with store.changed:
        if receipt_handle in store.handles and store.find(receipt_handle) is None:
            return
        number, _ = held_message(self, store, receipt_handle)
        store.remove(number)
        store.changed.notify_all()


def change_message_visibility(self: Any, queue_name: str, receipt_handle: str, visibility_timeout: int) -> None:
    """Hides a held message for longer, or shows it at once with 0."""
    queue = self.get_queue(queue_name)
    store = store_of(queue)
    with store.changed:
        number, message = held_message(queue, store, receipt_handle)
        until = unix_time() + int(visibility_timeout)
        if until - message.sent_timestamp / 1000 > TWELVE_HOURS:
            raise InvalidParameterValue(
                f'Value {visibility_timeout} for parameter VisibilityTimeout is invalid. Reason: Total '
                'VisibilityTimeout for the message is beyond the limit [43200 seconds]'
            )
        message.change_visibility(visibility_timeout)
        store.hide(number, until)


def delete_message_batch(self: Any, queue_name: str, receipts: list[dict[str, Any]]) -> tuple[list[str], list[Any]]:
    """Deletes each entry and answers for each by itself."""
    queue = self.get_queue(queue_name)
    return each_entry(receipts, lambda entry: queue.delete_message(entry['ReceiptHandle']))


def change_message_visibility_batch(
    self: Any, queue_name: str, entries: list[dict[str, Any]]
) -> tuple[list[str], list[Any]]:
    """Changes each entry and answers for each by itself."""

    def change(entry: dict[str, Any]) -> None:
        timeout = int(entry.get('VisibilityTimeout') or 0)
        if not 0 <= timeout <= TWELVE_HOURS:
            raise InvalidParameterValue('Visibility timeout invalid')
        self.change_message_visibility(queue_name, entry['ReceiptHandle'], timeout)

    return each_entry(entries, change)


def each_entry(entries: list[dict[str, Any]], act: Callable[[dict[str, Any]], None]) -> tuple[list[str], list[Any]]:
    """The ids that went well, and an error record for each that did not."""
    done: list[str] = []
    failed: list[Any] = []
    for entry in entries:
        try:
            act(entry)
            done.append(entry['Id'])
        except SQSException as error:
            failed.append(
                {'Id': entry['Id'], 'SenderFault': True, 'Code': error.code, 'Message': error.message}
            )
    return done, failed


def use_local_queue_urls(server_url: Callable[[], str]) -> None:
    """moto's CloudFormation answers `Ref` of a queue with an amazonaws.com URL, which nobody serves here."""
    models.Queue.physical_resource_id = property(
        lambda self: f'{server_url()}/{self.account_id}/{self.name}'
    )


def keep_policy_when_other_attributes_change() -> None:
    """moto drops the queue policy when SetQueueAttributes names any other attribute."""
    stock = models.Queue._set_attributes

    def set_attributes(self: Any, attributes: dict[str, Any], now: float | None = None) -> None:
        if 'Policy' not in attributes and getattr(self, '_policy_json', None) is not None:
            attributes = {**attributes, 'Policy': self.policy}
        stock(self, attributes, now)

    models.Queue._set_attributes = set_attributes


def update_every_property_from_cloudformation() -> None:
    """moto's stack update applies two of a queue's properties and forgets the rest, the redrive policy among them."""

    def update(cls: Any, original_resource: Any, cloudformation_json: Any, **_: Any) -> Any:
        properties = dict(cloudformation_json['Properties'])
        properties.pop('Tags', None)
        properties.pop('QueueName', None)
        properties.setdefault('RedrivePolicy', '')
        original_resource._set_attributes(properties)
        return original_resource

    models.Queue.update_from_cloudformation_json = classmethod(update)
