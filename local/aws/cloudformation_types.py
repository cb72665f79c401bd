"""CloudFormation types that moto reports as created and never creates.

AWS::S3::BucketPolicy stays out on purpose: moto enforces bucket policies without their conditions, so the
deny-without-TLS statement of a deployment bucket would lock everybody out of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.awslambda.models import EventInvokeConfig
from moto.awslambda.utils import get_backend as lambda_backend
from moto.cloudwatch.models import cloudwatch_backends
from moto.config.models import config_backends
from moto.core.common_models import CloudFormationModel
from moto.events.models import events_backends
from moto.logs.models import logs_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends


@dataclass(frozen=True)
class Place:
    """Where a stack puts its resources."""

    account: str
    region: str


@dataclass(frozen=True)
class Missing:
    """One type: `put` makes or changes it and returns its `Ref`, `drop` deletes it by that."""

    type: str
    put: Callable[[str, dict[str, Any], Place], str]
    drop: Callable[[str, dict[str, Any], Place], None]
    name: str = ''
    attributes: dict[str, Callable[[str, Place], str]] = field(default_factory=dict)


def register_missing_types() -> None:
    """Makes a CloudFormation model of each missing type; moto finds them among the subclasses."""
    for missing in MISSING:
        model_of(missing)


def model_of(missing: Missing) -> type[CloudFormationModel]:
    """The class that moto's stack parser asks for: create, update, delete, Ref and GetAtt."""

    def create(cls: Any, name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any) -> Any:
        place = Place(account_id, region_name)
        resource = cls()
        resource.place = place
        resource.physical_resource_id = missing.put(name, cloudformation_json['Properties'], place)
        return resource

    def update(
        cls: Any, original_resource: Any, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Any:
        name = original_resource.physical_resource_id
        place = Place(account_id, region_name)
        original_resource.physical_resource_id = missing.put(name, cloudformation_json['Properties'], place)
        return original_resource

    def delete(cls: Any, name: str, cloudformation_json: Any, account_id: str, region_name: str) -> None:
        missing.drop(name, cloudformation_json['Properties'], Place(account_id, region_name))

    body = {
        # moto reads the service of a model from its module's name.
        '__module__': f'moto.{missing.type.split("::")[1].lower()}.models',
        'cloudformation_type': staticmethod(lambda: missing.type),
        'cloudformation_name_type': staticmethod(lambda: missing.name),
        'create_from_cloudformation_json': classmethod(create),
        'update_from_cloudformation_json': classmethod(update),
        'delete_from_cloudformation_json': classmethod(delete),
        'has_cfn_attr': classmethod(lambda cls, attribute: attribute in missing.attributes),
        'get_cfn_attribute': lambda self, attribute: missing.attributes[attribute](
            self.physical_resource_id, self.place
        ),
        'is_created': lambda self: True,
    }
    return type(missing.type.replace('::', ''), (CloudFormationModel,), body)


def text(document: Any) -> str:
    """A policy or parameters as the APIs want them: JSON in a string."""
    return document if isinstance(document, str) else json.dumps(document, default=str)


def put_subscription(name: str, properties: dict[str, Any], place: Place) -> str:
    """A subscription with its filter policy and raw delivery."""
    backend = sns_backends[place.account][place.region]
    made = backend.subscribe(properties['TopicArn'], properties['Endpoint'], properties['Protocol'])
    for attribute in SUBSCRIPTION_ATTRIBUTES:
        if attribute in properties:
            backend.set_subscription_attributes(made.arn, attribute, text(properties[attribute]))
    return made.arn


def drop_subscription(name: str, properties: dict[str, Any], place: Place) -> None:
    """Ends the subscription."""
    sns_backends[place.account][place.region].unsubscribe(name)


def put_url(name: str, properties: dict[str, Any], place: Place) -> str:
    """The address of a function: its ARN is what Ref gives."""
    backend = lambda_backend(place.account, place.region)
    return str(backend.create_function_url_config(properties['TargetFunctionArn'], properties).function.function_arn)


def drop_url(name: str, properties: dict[str, Any], place: Place) -> None:
    """The function stays."""
    lambda_backend(place.account, place.region).delete_function_url_config(name)


def address(name: str, place: Place) -> str:
    """Where the function answers."""
    return str(lambda_backend(place.account, place.region).get_function_url_config(name).url) + '/'


def put_topic_policy(name: str, properties: dict[str, Any], place: Place) -> str:
    """The same policy on each topic."""
    for topic in properties['Topics']:
        sns_backends[place.account][place.region].get_topic(topic).policy = text(properties['PolicyDocument'])
    return name


def put_queue_policy(name: str, properties: dict[str, Any], place: Place) -> str:
    """The same policy on each queue."""
    for url in properties['Queues']:
        sqs_backends[place.account][place.region].get_queue(url.split('/')[-1]).policy = text(
            properties['PolicyDocument']
        )
    return name


def drop_queue_policy(name: str, properties: dict[str, Any], place: Place) -> None:
    """Back to no policy, where the queue is still there."""
    for url in properties['Queues']:
        queue = sqs_backends[place.account][place.region].queues.get(str(url).split('/')[-1])
        if queue is not None:
            queue.policy = None


def put_config_rule(name: str, properties: dict[str, Any], place: Place) -> str:
    """A managed or custom rule; CloudFormation gives parameters as an object, the API wants them as text."""
    rule = {key: value for key, value in properties.items() if key != 'Compliance'}
    rule['ConfigRuleName'] = properties.get('ConfigRuleName', name)
    if 'InputParameters' in rule:
        rule['InputParameters'] = text(rule['InputParameters'])
    config_backends[place.account][place.region].put_config_rule(rule)
    return str(rule['ConfigRuleName'])


def put_alarm(name: str, properties: dict[str, Any], place: Place) -> str:
    """A metric alarm; it never fires by itself, SetAlarmState does."""
    alarm_name = properties.get('AlarmName', name)
    cloudwatch_backends[place.account][place.region].put_metric_alarm(
        name=alarm_name,
        namespace=properties.get('Namespace', ''),
        metric_name=properties.get('MetricName', ''),
        comparison_operator=properties['ComparisonOperator'],
        evaluation_periods=int(properties['EvaluationPeriods']),
        period=int(properties.get('Period', 60)),
        threshold=float(properties.get('Threshold', 0)),
        statistic=properties.get('Statistic', ''),
        description=properties.get('AlarmDescription', ''),
        dimensions=properties.get('Dimensions', []),
        alarm_actions=properties.get('AlarmActions', []),
        ok_actions=properties.get('OKActions', []),
        treat_missing_data=properties.get('TreatMissingData'),
    )
    return str(alarm_name)


def put_dashboard(name: str, properties: dict[str, Any], place: Place) -> str:
    """A dashboard with its text."""
    dashboard_name = properties.get('DashboardName', name)
    cloudwatch_backends[place.account][place.region].put_dashboard(dashboard_name, properties['DashboardBody'])
    return str(dashboard_name)


def put_event_invoke_config(name: str, properties: dict[str, Any], place: Place) -> str:
    """Retries of asynchronous invokes; moto keeps the first configuration for ever, so it is set anew."""
    function = lambda_backend(place.account, place.region).get_function(properties['FunctionName'])
    settings = {key: properties[key] for key in INVOKE_SETTINGS if key in properties}
    function.event_invoke_config[:] = [EventInvokeConfig(function.function_arn, function.last_modified, settings)]
    return name


def drop_event_invoke_config(name: str, properties: dict[str, Any], place: Place) -> None:
    """Back to two retries."""
    lambda_backend(place.account, place.region).get_function(properties['FunctionName']).event_invoke_config.clear()


def put_metric_filter(name: str, properties: dict[str, Any], place: Place) -> str:
    """A metric filter of a log group."""
    filter_name = properties.get('FilterName', name)
    transformations = [
        {key[0].lower() + key[1:]: value for key, value in each.items()} for each in properties['MetricTransformations']
    ]
    logs_backends[place.account][place.region].put_metric_filter(
        filter_name, properties['FilterPattern'], properties['LogGroupName'], transformations
    )
    return str(filter_name)


def put_secret(name: str, properties: dict[str, Any], place: Place) -> str:
    """A secret with its given text; generated passwords are left out."""
    backend = secretsmanager_backends[place.account][place.region]
    secret_name = properties.get('Name', name.split(':')[-1])
    if backend.secrets.get(secret_name) is None:
        backend.create_secret(
            secret_name, properties.get('SecretString', ''), None, properties.get('Description'),
            properties.get('Tags', []), properties.get('KmsKeyId'), None, [], False,
        )
    return str(backend.secrets.get(secret_name).arn)


def put_bus_policy(name: str, properties: dict[str, Any], place: Place) -> str:
    """Who may put events on a bus."""
    statement = properties.get('Statement')
    policy = statement and text({'Version': '2012-10-17', 'Statement': [{'Sid': properties['StatementId'], **statement}]})
    events_backends[place.account][place.region].put_permission(
        properties.get('EventBusName', 'default'), properties.get('Action', ''), properties.get('Principal', ''),
        properties['StatementId'], properties.get('Condition', {}), policy or '',
    )
    return name


def put_action_target(name: str, properties: dict[str, Any], place: Place) -> str:
    """moto's Security Hub has no custom actions: the ARN is all there is of one."""
    return f'arn:aws:securityhub:{place.region}:{place.account}:action/custom/{properties["Id"]}'


def leave(name: str, properties: dict[str, Any], place: Place) -> None:
    """Nothing to undo: it goes with what it belongs to."""


# The scope comes first: moto checks the filter policy by it.
SUBSCRIPTION_ATTRIBUTES = ('FilterPolicyScope', 'FilterPolicy', 'RawMessageDelivery', 'RedrivePolicy', 'DeliveryPolicy')
INVOKE_SETTINGS = ('MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig')

MISSING = [
    Missing(
        'AWS::Lambda::Url',
        put_url,
        drop_url,
        attributes={'FunctionUrl': address, 'FunctionArn': lambda name, _: name},
    ),
    Missing('AWS::SNS::Subscription', put_subscription, drop_subscription),
    Missing('AWS::SNS::TopicPolicy', put_topic_policy, leave),
    Missing('AWS::SQS::QueuePolicy', put_queue_policy, drop_queue_policy),
    Missing(
        'AWS::Config::ConfigRule',
        put_config_rule,
        lambda name, _, place: config_backends[place.account][place.region].delete_config_rule(name),
        'ConfigRuleName',
        {
            'Arn': lambda name, at: config_backends[at.account][at.region].config_rules[name].config_rule_arn,
            'ConfigRuleId': lambda name, at: config_backends[at.account][at.region].config_rules[name].config_rule_id,
        },
    ),
    Missing(
        'AWS::CloudWatch::Alarm',
        put_alarm,
        lambda name, _, place: cloudwatch_backends[place.account][place.region].delete_alarms([name]),
        'AlarmName',
        {'Arn': lambda name, at: cloudwatch_backends[at.account][at.region].alarms[name].alarm_arn},
    ),
    Missing(
        'AWS::CloudWatch::Dashboard',
        put_dashboard,
        lambda name, _, place: cloudwatch_backends[place.account][place.region].delete_dashboards([name]),
        'DashboardName',
    ),
    Missing('AWS::Lambda::EventInvokeConfig', put_event_invoke_config, drop_event_invoke_config),
    Missing('AWS::Logs::MetricFilter', put_metric_filter, leave, 'FilterName'),
    Missing('AWS::SecretsManager::Secret', put_secret, leave, 'Name', {'Id': lambda name, _: name}),
    Missing('AWS::SecurityHub::ActionTarget', put_action_target, leave, '', {'ActionTargetArn': lambda name, _: name}),
    Missing('AWS::Events::EventBusPolicy', put_bus_policy, leave),
]
