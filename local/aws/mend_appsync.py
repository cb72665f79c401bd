"""AppSync: moto keeps the logs of an API that an update no longer names."""

from __future__ import annotations

from typing import Any

from moto.appsync import models


def mend() -> None:
    """Puts AWS's way in place of moto's: what an update does not say is off."""
    stock = models.AppSyncBackend.update_graphql_api

    def update(self: Any, *args: Any, **kwargs: Any) -> Any:
        api = stock(self, *args, **kwargs)
        api.log_config = kwargs.get('log_config')
        return api

    models.AppSyncBackend.update_graphql_api = update
