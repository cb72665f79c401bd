"""SNS and EventBridge: what they hand to a function, topics and buses as targets of a rule, patterns of lists."""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.utils import get_backend
from moto.core.utils import (
    iso_8601_datetime_with_milliseconds,
    iso_8601_datetime_without_milliseconds,
    utcfromtimestamp,
)
from moto.events import models as events
from moto.sns import models as sns
from moto.utilities.arns import parse_arn


def mend() -> None:
    """Puts the mended functions in moto's place."""
    deliver_real_sns_records()
    read_raw_delivery_as_a_boolean()
    reach_functions_topics_and_buses_from_rules()
    match_what_is_in_lists()
    name_the_account_in_events()
    refer_to_buses_by_name()


def deliver_real_sns_records() -> None:
    """moto hands functions a made-up record with the topic ARN `arn:aws:sns:EXAMPLE` and no attributes."""
    stock = sns.Subscription.publish

    def publish(self: Any, message: str, message_id: str, **options: Any) -> None:
        if self.protocol != 'lambda':
            stock(self, message, message_id, **options)
            return
        attributes = options.get('message_attributes') or {}
        if self._filter_policy_matcher and not self._filter_policy_matcher.matches(attributes, message):
            return
        if options.get('message_structure') == 'json':
            message = self._parse_message_structure(message, 'lambda')
        record = lambda_record(self, message, message_id, options.get('subject'), attributes)
        region, name = self.endpoint.split(':')[3], self.endpoint.split(':')[6]
        function = get_backend(self.account_id, region).get_function(name)
        function.invoke(json.dumps({'Records': [record]}, default=str), {}, {})

    sns.Subscription.publish = publish


def lambda_record(
    subscription: Any, message: str, message_id: str, subject: str | None, attributes: dict[str, Any]
) -> dict[str, Any]:
    """The record as SNS writes it for a function."""
    return {
        'EventSource': 'aws:sns',
        'EventVersion': '1.0',
        'EventSubscriptionArn': subscription.arn,
        'Sns': {
            'Type': 'Notification',
            'MessageId': message_id,
            'TopicArn': subscription.topic.arn,
            'Subject': subject,
            'Message': message,
            'Timestamp': iso_8601_datetime_with_milliseconds(),
            'SignatureVersion': '1',
            'Signature': 'unsigned',
            'SigningCertUrl': 'https://sns.invalid/certificate.pem',
            'UnsubscribeUrl': 'https://sns.invalid/unsubscribe',
            'MessageAttributes': {
                name: {'Type': each['Type'], 'Value': str(each['Value'])} for name, each in attributes.items()
            },
        },
    }


def read_raw_delivery_as_a_boolean() -> None:
    """moto keeps RawMessageDelivery as text, and the text "false" counts as true."""
    stock = sns.SNSBackend.set_subscription_attributes

    def set_attribute(self: Any, arn: str, name: str, value: Any) -> None:
        raw = name == 'RawMessageDelivery'
        stock(self, arn, name, str(value).lower() == 'true' if raw else value)

    sns.SNSBackend.set_subscription_attributes = set_attribute


def reach_functions_topics_and_buses_from_rules() -> None:
    """moto's PutEvents fails with 500 when a matching rule has a function or a topic as its target, and takes a third
    of a second for each event to a queue, since it makes a JSONPath parser for every field of it. An event that is sent
    to another bus becomes one of that bus's account and region.
    """
    stock = events.Rule.send_to_targets

    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:
        if self.state != 'ENABLED' or not self.event_pattern.matches_event(original_event):
            return
        every, rest = self.targets, []
        for target in every:
            service = parse_arn(target['Arn']).service
            if service in ('lambda', 'sns') or (service == 'sqs' and 'SqsParameters' not in target):
                send(self, target, service, target_input(target, original_event))
            elif ':event-bus/' in target['Arn']:
                forward(target['Arn'], original_event)
            else:
                rest.append(target)
        # The stock function reads the targets of the rule, so it is given a rule with the rest of them.
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__, targets=rest)
        stock(view, original_event, transform_input)

    events.Rule.send_to_targets = send_to_targets


def forward(bus_arn: str, event: Any) -> None:
    """Puts the event on another bus, where it keeps its account and region."""
    arn = parse_arn(bus_arn)
    bus = events.events_backends[arn.account][arn.region].describe_event_bus(arn.resource_id)
    for rule in bus.rules.values():
        rule.send_to_targets({**event, 'event-bus-name': bus.name})


def target_input(target: dict[str, Any], event: Any) -> str:
    """What a target is given: its constant, a part of the event, a template filled from it, or the event."""
    if 'Input' in target:
        return str(target['Input'])
    event = {**event, 'time': iso_8601_datetime_without_milliseconds(utcfromtimestamp(float(event['time'])))}
    if 'InputTransformer' in target:
        transformer = target['InputTransformer']
        return json.dumps(
            events.EventTemplateParser.parse(
                input_template=transformer.get('InputTemplate'),
                input_paths_map=transformer.get('InputPathsMap', {}),
                event=event,
            )
        )
    event.pop('ingestion-time', None)
    if 'InputPath' in target:
        for key in target['InputPath'].lstrip('$.').split('.'):
            event = event[key] if key else event
    return json.dumps(event)


def send(rule: Any, target: dict[str, Any], service: str, body: str) -> None:
    """Hands the input to the function, topic or queue."""
    arn = parse_arn(target['Arn'])
    if service == 'lambda':
        get_backend(arn.account, arn.region).get_function(arn.resource_id).invoke(body, {}, {})
    elif service == 'sns':
        sns.sns_backends[arn.account][arn.region].get_topic(target['Arn']).publish(body)
    else:
        group = target.get('SqsParameters', {}).get('MessageGroupId')
        sns.sqs_backends[arn.account][arn.region].send_message(arn.resource_id, body, group_id=group)


def match_what_is_in_lists() -> None:
    """moto's patterns see no field of an object that stands in a list, `detail.findings[0].Id` for one."""
    events.EventPattern._flatten_dict = staticmethod(flattened)


def flattened(node: Any, prefix: str = '', result: dict[str, Any] | None = None) -> dict[str, Any]:
    """Each path with its value, or with the values of all elements; a list of plain values is a value."""
    result = {} if result is None else result
    for key, value in node.items():
        path = f'{prefix}.{key}' if prefix else key
        if isinstance(value, dict) and value:
            flattened(value, path, result)
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for each in value:
                for inner, found in (flattened(each, path) if isinstance(each, dict) else {path: each}).items():
                    result.setdefault(inner, []).extend(found if isinstance(found, list) else [found])
        else:
            result[path] = value
    return result


def name_the_account_in_events() -> None:
    """moto hands a queue every field of an event but the account that it arose in."""
    parser = events.EventTemplateParser
    parser.DEFAULT_EVENT_INPUT_TEMPLATE = parser.DEFAULT_EVENT_INPUT_TEMPLATE.replace(
        '"region"', '"account": "<account>", "region"'
    )


def refer_to_buses_by_name() -> None:
    """moto's CloudFormation fills the bus itself, an object, in where a template refers to it."""
    events.EventBus.physical_resource_id = property(lambda bus: bus.name)
