"""Secrets Manager: moto answers with HTTP 404 for what is not there, AWS with 400."""

from __future__ import annotations

from typing import Any

from moto.secretsmanager import exceptions


def mend() -> None:
    """Puts AWS's status in place of moto's."""
    for kind in (
        exceptions.ResourceNotFoundException,
        exceptions.SecretNotFoundException,
        exceptions.SecretHasNoValueException,
        exceptions.SecretStageVersionMismatchException,
    ):
        answer_with_400(kind)


def answer_with_400(kind: Any) -> None:
    """The exception sets its own status while it is made."""
    stock = kind.__init__

    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        stock(self, *args, **kwargs)
        self.code = 400

    kind.__init__ = made
