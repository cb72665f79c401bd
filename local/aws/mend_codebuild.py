"""CodeBuild: moto changes no project once it is there."""

from __future__ import annotations

import json
from typing import Any

from moto.codebuild import responses
from moto.core.exceptions import JsonRESTError


def mend() -> None:
    """Puts what is missing into moto's place."""
    responses.CodeBuildResponse.update_project = update


def update(self: Any) -> str:
    """Replaces each member that the request has, as a whole, and keeps all others."""
    name = self._get_param('name')
    project = self.codebuild_backend.codebuild_projects.get(name)
    if project is None:
        raise JsonRESTError('ResourceNotFoundException', f'Project cannot be found: {name}')
    project.project_metadata.update(json.loads(self.body))
    return json.dumps({'project': project.project_metadata})
