"""CloudFormation: moto skips resource types in silence and refuses templates for mere lint warnings."""

from __future__ import annotations

import json
import re
from typing import Any

from cloudformation_types import register_missing_types
from moto.cloudformation import models, parsing, responses
from moto.core.responses import ActionResult
from moto.core.utils import iso_8601_datetime_with_nanoseconds
from moto.awslambda import models as lambda_models
from moto.dynamodb import models as dynamodb_models
from moto.dynamodb.models import table as table_models
from moto.iam import models as iam_models
from moto.sns import models as sns_models
from moto.utilities.utils import get_partition


def mend() -> None:
    """Puts the mended functions in moto's place."""
    refuse_only_lint_errors()
    read_json_as_json()
    apply_change_sets_whole()
    update_nested_stacks_in_place()
    remove_last()
    take_what_is_gone_for_deleted()
    list_only_what_is_there()
    delete_whole_stacks_alike()
    register_missing_types()
    replace_what_has_no_update()
    keep_function_properties()
    keep_table_time_to_live()
    update_topics_in_place()
    keep_role_policies()
    protect_from_termination()
    keep_notifications()


def refuse_only_lint_errors() -> None:
    """moto's ValidateTemplate takes every cfn-lint finding for an error; AWS accepts what is merely advised against."""
    stock = models.validate_template_cfn_lint
    models.validate_template_cfn_lint = lambda template: [
        match for match in stock(template) if match.rule.severity == 'error'
    ]


def read_json_as_json() -> None:
    """moto reads every template as YAML, in pure Python: seconds for the JSON that `serverless deploy` uploads."""
    stock = models.Stack.parse_template

    def parse(template: str) -> Any:
        return json.loads(template) if template.lstrip().startswith('{') else stock(template)

    def parse_own(self: Any) -> None:
        self.template_dict = parse(self.template)

    models.Stack.parse_template = staticmethod(parse)
    models.ChangeSet._parse_template = parse_own


def apply_change_sets_whole() -> None:
    """moto's change sets make the resources but leave the stack's outputs and template as they were."""
    stock = models.ChangeSet.apply

    def apply(self: Any) -> None:
        stock(self)
        self.stack.template = self.template
        self.stack.template_dict = self.template_dict
        self.stack.parameters = self.parameters
        self.stack.output_map = self.stack._create_output_map()

    models.ChangeSet.apply = apply


def update_nested_stacks_in_place() -> None:
    """moto deletes a nested stack and makes it again, and with it every function, log group and role in it."""

    def update(
        cls: Any, original_resource: Any, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Any:
        properties = cloudformation_json['Properties']
        template = models.get_stack_from_s3_url(
            properties['TemplateURL'], account_id=account_id, partition=get_partition(region_name)
        )
        original_resource.update(template, parameters=properties.get('Parameters', {}))
        return original_resource

    models.Stack.update_from_cloudformation_json = classmethod(update)


def remove_last() -> None:
    """
    moto deletes what a template no longer has before it makes what is new; AWS makes, changes, and then deletes. moto
    also keeps what it deleted on its list: an update that ended half-way could never be tried again, nor could the
    same be made anew. And it deletes what the template before said to retain.
    """
    stock = parsing.ResourceMap.update

    def update(self: Any, template: Any, parameters: Any = None) -> None:
        left = {name: body for name, body in self._resource_json_map.items() if name not in template['Resources']}
        if left:
            stock(self, {**template, 'Resources': {**left, **template['Resources']}}, parameters)
            remove(self, resolved(self, left))
        stock(self, template, parameters)

    parsing.ResourceMap.update = update


def resolved(resources: Any, left: dict[str, Any]) -> dict[str, Any]:
    """What they refer to may be gone before them, and moto would make it again for the asking."""
    return {
        name: {**body, 'Properties': parsing.clean_json(body.get('Properties', {}), resources)}
        for name, body in left.items()
        if resources._parsed_resources.get(name) is not None
    } | {name: body for name, body in left.items() if resources._parsed_resources.get(name) is None}


def remove(resources: Any, left: dict[str, Any]) -> None:
    """Deletes, the last that was made first; what others still hold on to is tried again while any of them goes."""
    errors: list[Exception] = []
    for name in reversed(list(left)):
        made = resources._parsed_resources.get(name)
        try:
            if made is not None and left[name].get('DeletionPolicy') not in RETAINED:
                resources._delete_resource(made, left[name])
        except Exception as error:  # noqa: BLE001
            errors.append(error)
            continue
        resources._parsed_resources.pop(name, None)
        # A new one: the template that is there shares the one before.
        resources._resource_json_map = {key: body for key, body in resources._resource_json_map.items() if key != name}
    held = {name: body for name, body in left.items() if name in resources._resource_json_map}
    if held and len(held) == len(left):
        raise errors[-1]
    if held:
        remove(resources, held)


def take_what_is_gone_for_deleted() -> None:
    """AWS does: a function's settings go with the function, whoever is first."""
    stock = parsing.ResourceMap._delete_resource

    def delete(self: Any, parsed_resource: Any, resource_json: Any) -> None:
        try:
            stock(self, parsed_resource, resource_json)
        except Exception as error:
            if not GONE.search(f'{type(error).__name__} {getattr(error, "error_type", "")}'):
                raise

    parsing.ResourceMap._delete_resource = delete


RETAINED = ('Retain', 'RetainExceptOnCreate')
GONE = re.compile(r'NotFound|NoSuch|NonExist|DoesNotExist|UnknownResource')


def list_only_what_is_there() -> None:
    """moto looks for a name in resources of skipped types too, which are none, and ends with an error of its own."""
    models.Stack.stack_resources = property(
        lambda self: [resource for resource in self.resource_map.values() if resource is not None]
    )


def delete_whole_stacks_alike() -> None:
    """moto knows Retain only, and tells what it deletes the names in the template for those that were made."""
    parsing.ResourceMap.delete = lambda self: remove(self, resolved(self, dict(self._resource_json_map)))


def replace_what_has_no_update() -> None:
    """moto forgets a resource whose type it cannot update; here it is deleted and made again."""
    stock = parsing.parse_and_update_resource

    def update(logical_id: str, resource_json: Any, resources_map: Any, account_id: str, region_name: str) -> Any:
        resource_class = parsing.resource_class_from_type(resource_json['Type'])
        if resource_class is None or not hasattr(
            resource_class.update_from_cloudformation_json, '__isabstractmethod__'
        ):
            return stock(logical_id, resource_json, resources_map, account_id, region_name)
        if hasattr(resource_class.create_from_cloudformation_json, '__isabstractmethod__'):
            return resources_map[logical_id]
        resources_map._delete_resource(resources_map[logical_id], resource_json)
        return parsing.parse_and_create_resource(logical_id, resource_json, resources_map, account_id, region_name)

    parsing.parse_and_update_resource = update


def keep_function_properties() -> None:
    """moto drops a function's architecture, tracing and tags, and keeps an environment that was taken away."""
    function = lambda_models.LambdaFunction
    create, update = function.create_from_cloudformation_json, function.update_from_cloudformation_json

    def create_whole(cls: Any, resource_name: str, cloudformation_json: Any, *args: Any, **kwargs: Any) -> Any:
        return with_properties(create(resource_name, cloudformation_json, *args, **kwargs), cloudformation_json)

    def update_whole(cls: Any, *args: Any, cloudformation_json: Any, **kwargs: Any) -> Any:
        cloudformation_json['Properties'].setdefault('Environment', {'Variables': {}})
        made = update(*args, cloudformation_json=cloudformation_json, **kwargs)
        made.last_modified = iso_8601_datetime_with_nanoseconds()
        return with_properties(made, cloudformation_json)

    function.create_from_cloudformation_json = classmethod(create_whole)
    function.update_from_cloudformation_json = classmethod(update_whole)


def with_properties(function: Any, cloudformation_json: Any) -> Any:
    """Sets on the function what the template says and moto leaves out."""
    properties = cloudformation_json['Properties']
    function.architectures = properties.get('Architectures', ['x86_64'])
    function.tracing_config = properties.get('TracingConfig', {'Mode': 'PassThrough'})
    function.reserved_concurrency = properties.get('ReservedConcurrentExecutions')
    function.tags = {tag['Key']: tag['Value'] for tag in properties.get('Tags', [])}
    return function


def keep_table_time_to_live() -> None:
    """moto drops a table's time to live and point-in-time recovery, and cannot update a table."""
    create = table_models.Table.create_from_cloudformation_json

    def settle(table: Any, properties: Any, account_id: str, region: str) -> Any:
        backend = dynamodb_models.dynamodb_backends[account_id][region]
        if 'TimeToLiveSpecification' in properties:
            backend.update_time_to_live(table.name, properties['TimeToLiveSpecification'])
        if 'PointInTimeRecoverySpecification' in properties:
            backend.update_continuous_backups(table.name, properties['PointInTimeRecoverySpecification'])
        return table

    def create_whole(cls: Any, name: str, cloudformation_json: Any, account_id: str, region: str, **kw: Any) -> Any:
        table = create(name, cloudformation_json, account_id, region, **kw)
        return settle(table, cloudformation_json['Properties'], account_id, region)

    def update(
        cls: Any, original_resource: Any, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Any:
        # Replacing would lose what is in the table, which a change of its settings never does on AWS.
        return settle(original_resource, cloudformation_json['Properties'], account_id, region_name)

    table_models.Table.create_from_cloudformation_json = classmethod(create_whole)
    table_models.Table.update_from_cloudformation_json = classmethod(update)


def update_topics_in_place() -> None:
    """moto updates a topic by deleting it, and every subscription with it."""

    def update(cls: Any, original_resource: Any, cloudformation_json: Any, **_: Any) -> Any:
        properties = cloudformation_json['Properties']
        original_resource.kms_master_key_id = properties.get('KmsMasterKeyId', '')
        original_resource.display_name = properties.get('DisplayName', '')
        return original_resource

    sns_models.Topic.update_from_cloudformation_json = classmethod(update)


def keep_role_policies() -> None:
    """moto stores a stack's inline policies as Python text, attaches no managed ones, and never updates either."""
    role = iam_models.Role
    put, create = role.put_policy, role.create_from_cloudformation_json

    def put_json(self: Any, name: str, document: Any) -> None:
        put(self, name, document if isinstance(document, str) else json.dumps(document, default=str))

    def attach(made: Any, properties: Any, account_id: str, region: str) -> Any:
        backend = iam_models.iam_backends[account_id][get_partition(region)]
        for arn in properties.get('ManagedPolicyArns', []):
            if arn in backend.managed_policies:
                backend.attach_role_policy(arn, made.name)
        return made

    def create_whole(cls: Any, name: str, cloudformation_json: Any, account_id: str, region: str, **kw: Any) -> Any:
        made = create(name, cloudformation_json, account_id, region, **kw)
        return attach(made, cloudformation_json['Properties'], account_id, region)

    def update(
        cls: Any, original_resource: Any, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Any:
        properties = cloudformation_json['Properties']
        original_resource.assume_role_policy_document = json.dumps(properties['AssumeRolePolicyDocument'], default=str)
        original_resource.description = properties.get('Description', '')
        original_resource.max_session_duration = properties.get('MaxSessionDuration', 3600)
        original_resource.policies.clear()
        for policy in properties.get('Policies', []):
            original_resource.put_policy(policy['PolicyName'], policy['PolicyDocument'])
        return attach(original_resource, properties, account_id, region_name)

    role.put_policy = put_json
    role.create_from_cloudformation_json = classmethod(create_whole)
    role.update_from_cloudformation_json = classmethod(update)


def protect_from_termination() -> None:
    """moto has no UpdateTerminationProtection."""

    def update(self: Any) -> ActionResult:
        stack = self.cloudformation_backend.get_stack(self._get_param('StackName'))
        stack.enable_termination_protection = self._get_bool_param('EnableTerminationProtection')
        return ActionResult({'StackId': stack.stack_id})

    responses.CloudFormationResponse.update_termination_protection = update


def keep_notifications() -> None:
    """moto drops the topics of an update, and refuses one that changes nothing else."""
    stock = responses.CloudFormationResponse.update_stack

    def update(self: Any) -> Any:
        stack = self.cloudformation_backend.get_stack(self._get_param('StackName'))
        given = self._get_param('Parameters', [])
        if not self._get_bool_param('UsePreviousTemplate') or any('ParameterValue' in one for one in given):
            return stock(self)
        stack.notification_arns = self._get_param('NotificationARNs', [])
        return ActionResult({'StackId': stack.stack_id})

    responses.CloudFormationResponse.update_stack = update
