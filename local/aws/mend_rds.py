"""RDS: moto drops what ModifyDBCluster says about IAM authentication and exported logs, and changes no subscription."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.rds import models, responses


def mend() -> None:
    """Puts the mended functions in moto's place."""
    responses.RDSResponse.modify_event_subscription = modify_event_subscription
    stock = models.RDSBackend.modify_db_cluster

    def modify(self: Any, kwargs: dict[str, Any]) -> Any:
        answer = stock(self, kwargs)
        cluster = self.clusters[kwargs.get('new_db_cluster_identifier') or answer.db_cluster_identifier]
        if kwargs.get('enable_iam_database_authentication') is not None:
            cluster.iam_auth = kwargs['enable_iam_database_authentication']
        told = kwargs.get('cloudwatch_logs_export_configuration') or {}
        off, on = told.get('DisableLogTypes', []), told.get('EnableLogTypes', [])
        kept = [one for one in cluster.enabled_cloudwatch_logs_exports if one not in off]
        cluster.enabled_cloudwatch_logs_exports = [*kept, *on]
        return answer

    models.RDSBackend.modify_db_cluster = modify


def modify_event_subscription(self: Any) -> ActionResult:
    """What is not sent stays as it is."""
    (found,) = self.backend.describe_event_subscriptions(self.params.get('SubscriptionName'))
    for name, member in [('enabled', 'Enabled'), ('event_categories', 'EventCategories')]:
        if self.params.get(member) is not None:
            setattr(found, name, self.params.get(member))
    return ActionResult({'EventSubscription': found})
