"""AWS Config: moto takes evaluations only in test mode and never answers with them."""

from __future__ import annotations

import json
from typing import Any

from moto.config import models, responses
from moto.config.exceptions import ValidationException
from moto.core.utils import unix_time
from moto.iam.models import iam_backends

evaluations: list[dict[str, Any]] = []


def mend() -> None:
    """Puts the mended functions in moto's place."""
    store_evaluations()
    answer_compliance()
    discover_users()


def store_evaluations() -> None:
    """moto's PutEvaluations without TestMode answers 500."""
    stock = models.ConfigBackend.put_evaluations

    def put(self: Any, given: Any = None, result_token: str | None = None, test_mode: bool | None = False) -> Any:
        stock(self, given, result_token, True)
        refuse_what_aws_refuses(given)
        if not test_mode:
            for evaluation in given:
                keep(self, rule_of(result_token or ''), evaluation)
        return {'FailedEvaluations': []}

    models.ConfigBackend.put_evaluations = put


def refuse_what_aws_refuses(given: list[dict[str, Any]]) -> None:
    """The limits of the API: 100 evaluations in one call, 256 characters in an annotation."""
    if len(given) > 100:
        raise ValidationException("Value at 'evaluations' failed to satisfy constraint: at most 100 members")
    for evaluation in given:
        if not 1 <= len(evaluation.get('Annotation', '-')) <= 256:
            raise ValidationException("Value at 'annotation' failed to satisfy constraint: 1 to 256 characters")


def rule_of(result_token: str) -> str:
    """The recorder of this local AWS writes the rule's name before the first `#` of its tokens."""
    return result_token.split('#')[0]


def keep(backend: Any, rule: str, evaluation: dict[str, Any]) -> None:
    """The newest evaluation of a resource by a rule takes the place of the one before."""
    key = (backend.account_id, backend.region_name, rule, evaluation['ComplianceResourceType'],
           evaluation['ComplianceResourceId'])
    evaluations[:] = [each for each in evaluations if key_of(each) != key]
    evaluations.append({
        'AccountId': backend.account_id,
        'Region': backend.region_name,
        'ConfigRuleName': rule,
        **evaluation,
        'ResultRecordedTime': unix_time(),
    })


def key_of(each: dict[str, Any]) -> tuple[str, ...]:
    """What makes an evaluation the same one."""
    return (each['AccountId'], each['Region'], each['ConfigRuleName'], each['ComplianceResourceType'],
            each['ComplianceResourceId'])


def of_rule(backend: Any, rule: str) -> list[dict[str, Any]]:
    """The evaluations of one rule in one account and region."""
    here = (backend.account_id, backend.region_name, rule)
    return [each for each in evaluations if key_of(each)[:3] == here]


def answer_compliance() -> None:
    """moto has neither GetComplianceDetailsByConfigRule nor DescribeComplianceByConfigRule."""
    responses.ConfigResponse.get_compliance_details_by_config_rule = compliance_details
    responses.ConfigResponse.describe_compliance_by_config_rule = compliance_of_rules


def compliance_details(self: Any) -> str:
    """Every evaluated resource of a rule."""
    rule = self._get_param('ConfigRuleName')
    self.config_backend.describe_config_rules([rule], None)
    wanted = self._get_param('ComplianceTypes') or []
    return json.dumps({
        'EvaluationResults': [
            as_result(rule, each)
            for each in of_rule(self.config_backend, rule)
            if not wanted or each['ComplianceType'] in wanted
        ]
    })


def as_result(rule: str, each: dict[str, Any]) -> dict[str, Any]:
    """An evaluation in the shape of EvaluationResult."""
    result = {
        'EvaluationResultIdentifier': {
            'EvaluationResultQualifier': {
                'ConfigRuleName': rule,
                'ResourceType': each['ComplianceResourceType'],
                'ResourceId': each['ComplianceResourceId'],
            },
            'OrderingTimestamp': each['OrderingTimestamp'],
        },
        'ComplianceType': each['ComplianceType'],
        'ResultRecordedTime': each['ResultRecordedTime'],
    }
    return {**result, 'Annotation': each['Annotation']} if 'Annotation' in each else result


def compliance_of_rules(self: Any) -> str:
    """Each rule with the worst of its resources."""
    names = self._get_param('ConfigRuleNames') or sorted(self.config_backend.config_rules)
    answers = []
    for name in names:
        types = {each['ComplianceType'] for each in of_rule(self.config_backend, name)} - {'NOT_APPLICABLE'}
        worst = 'NON_COMPLIANT' if 'NON_COMPLIANT' in types else 'COMPLIANT' if types else 'INSUFFICIENT_DATA'
        answers.append({'ConfigRuleName': name, 'Compliance': {'ComplianceType': worst}})
    return json.dumps({'ComplianceByConfigRules': answers})


def discover_users() -> None:
    """moto's ListDiscoveredResources knows five types; AWS Config records users under their unique ids."""
    stock = models.ConfigBackend.list_discovered_resources

    def listed(self: Any, resource_type: str, resource_ids: Any, resource_name: Any, limit: Any,
               next_token: Any) -> dict[str, Any]:
        if resource_type != 'AWS::IAM::User':
            return stock(self, resource_type, resource_ids, resource_name, limit, next_token)
        users = iam_backends[self.account_id][self.partition].users.values()
        return {'resourceIdentifiers': [
            {'resourceType': resource_type, 'resourceId': user.id, 'resourceName': user.name} for user in users
        ]}

    models.ConfigBackend.list_discovered_resources = listed
