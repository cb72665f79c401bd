"""ElastiCache: moto cannot change a node, and drops what a group is told about minor versions."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache import responses
from moto.elasticache.models import CacheCluster, ReplicationGroup


def mend() -> None:
    """Puts the mended functions in moto's place."""
    responses.ElastiCacheResponse.modify_cache_cluster = modify_cache_cluster
    stock = responses.ElastiCacheResponse.modify_replication_group

    def modify_replication_group(self: Any) -> ActionResult:
        answer = stock(self)
        group = self.elasticache_backend.replication_groups[self._get_param('ReplicationGroupId')]
        keep_minor_versions(self, group)
        return answer

    responses.ElastiCacheResponse.modify_replication_group = modify_replication_group


def modify_cache_cluster(self: Any) -> ActionResult:
    """The attributes that bots write."""
    (node,) = self.elasticache_backend.describe_cache_clusters(self._get_param('CacheClusterId'))
    keep_minor_versions(self, node)
    days = self._get_int_param('SnapshotRetentionLimit')
    if days is not None:
        node.snapshot_retention_limit = days
    return ActionResult({'CacheCluster': node})


def keep_minor_versions(request: Any, cache: CacheCluster | ReplicationGroup) -> None:
    """Keeps the attribute, where it was sent."""
    told = request._get_bool_param('AutoMinorVersionUpgrade')
    if told is not None:
        cache.auto_minor_version_upgrade = told
