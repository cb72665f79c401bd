"""Speed: moto looks up at every request what never changes while it runs."""

from __future__ import annotations

from functools import cache
from typing import Any

from moto import backends
from moto.core import errors, utils


def mend() -> None:
    """Puts the mended functions in moto's place."""
    names = frozenset(backends.list_of_moto_modules())
    # By a listing of its own directory, for every request.
    backends.list_of_moto_modules = lambda: names
    # By a new botocore session that lists every service, for every error.
    utils.service_name_from_moto_package_name = cache(utils.service_name_from_moto_package_name)
    # Its cache belongs to an object that is made anew for every error.
    factory = errors.ErrorLookupFactory()
    errors.ErrorLookupFactory = lambda: factory
