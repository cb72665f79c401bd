"""CloudFront: moto does not say which origins are buckets."""

from __future__ import annotations

from typing import Any

from moto.cloudfront import models


def mend() -> None:
    """Keeps the configuration that tells an origin in S3 from others."""
    stock = models.Origin.__init__

    def made(self: Any, origin: dict[str, Any]) -> None:
        stock(self, origin)
        if 'S3OriginConfig' in origin:
            self.s3_origin_config = {'OriginAccessIdentity': origin['S3OriginConfig'].get('OriginAccessIdentity') or ''}

    models.Origin.__init__ = made
