"""RDS: moto drops what ModifyDBCluster says about IAM authentication and exported logs."""

from __future__ import annotations

from typing import Any

from moto.rds import models


def mend() -> None:
    """Puts the mended function in moto's place."""
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
