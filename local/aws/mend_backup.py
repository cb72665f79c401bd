"""AWS Backup: moto has plans, and not the selections that say which resources they include."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.backup import responses
from moto.backup.exceptions import ResourceNotFoundException
from moto.moto_api._internal import mock_random


def mend() -> None:
    """Puts the functions in moto's place."""
    for function in (create_backup_selection, list_backup_selections, get_backup_selection, delete_backup_selection):
        setattr(responses.BackupResponse, function.__name__, function)


def create_backup_selection(self: Any) -> str:
    """Keeps it with its plan."""
    made = {'SelectionId': str(mock_random.uuid4()), 'BackupPlanId': plan_of(self).backup_plan_id}
    selections_of(self)[made['SelectionId']] = json.loads(self.body)['BackupSelection']
    return json.dumps(made)


def list_backup_selections(self: Any) -> str:
    """All of a plan, on one page."""
    found = [
        {'SelectionId': key, 'SelectionName': one['SelectionName']} for key, one in selections_of(self).items()
    ]
    return json.dumps({'BackupSelectionsList': found})


def get_backup_selection(self: Any) -> str:
    """As it was told."""
    key = selection_id(self)
    return json.dumps({'SelectionId': key, 'BackupSelection': selections_of(self)[key]})


def delete_backup_selection(self: Any) -> str:
    """Forgets it."""
    del selections_of(self)[selection_id(self)]
    return '{}'


def plan_of(self: Any) -> Any:
    """The plan that the path names."""
    return self.backup_backend.get_backup_plan(self.path.split('/plans/')[-1].split('/')[0], None)


def selections_of(self: Any) -> dict[str, Any]:
    """What its plan includes, by the ids of the selections."""
    return vars(plan_of(self)).setdefault('selections', {})


def selection_id(self: Any) -> str:
    """The selection that the path names."""
    key = unquote(self.path.rstrip('/').split('/')[-1])
    if key not in selections_of(self):
        raise ResourceNotFoundException(msg='Cannot find Selection')
    return key
