"""DMS: moto writes the time at which a replication instance was made as text, which the service's SDK cannot read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.dms.models import FakeReplicationInstance


def mend() -> None:
    """Puts the mended function in moto's place."""
    stock = FakeReplicationInstance.to_dict

    def to_dict(self: Any) -> dict[str, Any]:
        whole = stock(self)
        made = whole.get('InstanceCreateTime')
        if isinstance(made, str):
            whole['InstanceCreateTime'] = datetime.fromisoformat(made.replace('Z', '+00:00')).timestamp()
        return whole

    FakeReplicationInstance.to_dict = to_dict
