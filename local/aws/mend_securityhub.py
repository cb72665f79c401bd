"""Security Hub: moto imports findings and lists them, but nobody can update one and nobody hears of one."""

from __future__ import annotations

import json
from typing import Any

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.events import models as events
from moto.securityhub import models, responses, urls
from moto.securityhub.exceptions import InvalidInputException, SecurityHubClientError

WORKFLOW = ('NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED')
OF_CUSTOMERS = ('Note', 'Workflow', 'UserDefinedFields', 'VerificationState')


def mend() -> None:
    """Puts the mended functions in moto's place."""
    import_as_aws_does()
    update_findings()


def import_as_aws_does() -> None:
    """moto overwrites what belongs to customers, takes imports older than what it has, and sends no event."""
    stock = models.SecurityHubBackend.batch_import_findings

    def batch_import(self: Any, findings: list[dict[str, Any]]) -> Any:
        known = {each.id: each.data for each in self.findings}
        fresh = []
        for finding in findings:
            before = known.get(finding['Id'])
            if before is None:
                fresh.append({'RecordState': 'ACTIVE', 'Workflow': {'Status': 'NEW'}, **finding})
            elif finding['UpdatedAt'] > before['UpdatedAt']:
                fresh.append({key: value for key, value in finding.items() if key not in OF_CUSTOMERS})
        failed, _, failures = stock(self, fresh)
        imported = {each['Id'] for each in fresh} - {each['Id'] for each in failures}
        announce(self, [each.data for each in self.findings if each.id in imported])
        return failed, len(findings) - failed, failures

    models.SecurityHubBackend.batch_import_findings = batch_import


def update_findings() -> None:
    """moto has no BatchUpdateFindings."""
    urls.url_paths['{0}/findings/batchupdate$'] = responses.SecurityHubResponse.dispatch
    responses.SecurityHubResponse.batch_update_findings = batch_update


def batch_update(self: Any) -> str:
    """Note and workflow of findings, named by id and product; UpdatedAt stays as it is."""
    backend = self.securityhub_backend
    if not backend.enabled:
        raise SecurityHubClientError('InvalidAccessException', 'Account is not subscribed to AWS Security Hub')
    body = json.loads(self.body)
    refuse_what_aws_refuses(body)
    known = {(each.id, each.data.get('ProductArn')): each.data for each in backend.findings}
    processed, unprocessed = [], []
    for identifier in body['FindingIdentifiers']:
        finding = known.get((identifier['Id'], identifier['ProductArn']))
        if finding is None:
            unprocessed.append({
                'FindingIdentifier': identifier,
                'ErrorCode': 'FindingNotFound',
                'ErrorMessage': 'Finding Not Found',
            })
            continue
        processed.append(identifier)
        if 'Note' in body:
            finding['Note'] = {**body['Note'], 'UpdatedAt': iso_8601_datetime_with_milliseconds()}
        if 'Workflow' in body:
            finding['Workflow'] = dict(body['Workflow'])
    announce(backend, [known[(each['Id'], each['ProductArn'])] for each in processed])
    return json.dumps({'ProcessedFindings': processed, 'UnprocessedFindings': unprocessed})


def refuse_what_aws_refuses(body: dict[str, Any]) -> None:
    """The limits of the API: 100 findings in one call, 512 characters in a note."""
    identifiers = body['FindingIdentifiers']
    if not 1 <= len(identifiers) <= 100:
        raise InvalidInputException('BatchUpdateFindings', f'{len(identifiers)} FindingIdentifiers, 1 to 100 are taken')
    if 'Note' in body and not 1 <= len(body['Note']['Text']) <= 512:
        raise InvalidInputException('BatchUpdateFindings', 'Note.Text has 1 to 512 characters')
    if 'Workflow' in body and body['Workflow'].get('Status') not in WORKFLOW:
        raise InvalidInputException('BatchUpdateFindings', f'Workflow.Status is one of {", ".join(WORKFLOW)}')


def announce(backend: Any, findings: list[dict[str, Any]]) -> None:
    """Every import and every update is an event, one for each finding."""
    for finding in findings:
        events.events_backends[backend.account_id][backend.region_name].put_events([{
            'Source': 'aws.securityhub',
            'DetailType': 'Security Hub Findings - Imported',
            'Resources': [f'{finding.get("ProductArn")}/{finding["Id"]}'],
            'Detail': json.dumps({'findings': [finding]}),
        }])
