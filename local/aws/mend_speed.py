"""Speed: moto looks up at every request what never changes while it runs."""

from __future__ import annotations

from functools import cache
from typing import Any

from mend_iam import sessions
from moto import backends
from moto.core import errors, responses, utils
from moto.iam import models as iam
from moto.kms import models as kms

find_account = iam.get_account_id_from
accounts_of_keys: dict[str, str] = {}


def mend() -> None:
    """Puts the mended functions in moto's place."""
    names = frozenset(backends.list_of_moto_modules())
    # By a listing of its own directory, for every request.
    backends.list_of_moto_modules = lambda: names
    # By a new botocore session that lists every service, for every error.
    utils.service_name_from_moto_package_name = cache(utils.service_name_from_moto_package_name)
    # By looking through all members of a class, for every request.
    responses.method_names_from_class = cache(responses.method_names_from_class)
    # Its cache belongs to an object that is made anew for every error.
    factory = errors.ErrorLookupFactory()
    errors.ErrorLookupFactory = lambda: factory
    # By a search through all accounts, for every request.
    iam.get_account_id_from = account_of_key
    # By making an RSA key, for every key that is made, symmetric ones too.
    kms.generate_private_key = cache(kms.generate_private_key)


def account_of_key(key: str) -> str:
    """The account of an access key, which never changes: moto asks every account there is, for every request."""
    session = sessions.get(key)
    if session:
        return session['role'].split(':')[4]
    if key not in accounts_of_keys:
        account = find_account(key)
        if key not in iam.iam_backends[account]['aws'].access_keys:
            return account
        accounts_of_keys[key] = account
    return accounts_of_keys[key]
