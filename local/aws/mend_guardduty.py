"""GuardDuty: moto takes the tags of detectors and never shows them, and drops those of filters."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.guardduty import responses, urls


def mend() -> None:
    """Adds the three operations on tags. moto has no IP sets: theirs are kept with the detector, whatever they are called."""
    for function in (list_tags_for_resource, tag_resource, untag_resource):
        setattr(responses.GuardDutyResponse, function.__name__, function)
    urls.url_paths['{0}/tags/(?P<resource_arn>.+)$'] = responses.GuardDutyResponse.dispatch
    stock = responses.GuardDutyResponse.create_filter

    def create_filter(self: Any) -> str:
        answer = stock(self)
        detector = self.path.split('/')[-2]
        tags_of(self, f'detector/{detector}/filter/{self._get_param("name")}').update(self._get_param('tags') or {})
        return answer

    responses.GuardDutyResponse.create_filter = create_filter


def list_tags_for_resource(self: Any) -> str:
    """All tags of a detector, a filter or an IP set."""
    return json.dumps({'tags': tags_of(self, named(self))})


def tag_resource(self: Any) -> str:
    """Adds to those that are there."""
    tags_of(self, named(self)).update(json.loads(self.body)['tags'])
    return '{}'


def untag_resource(self: Any) -> str:
    """Takes away by key."""
    tags = tags_of(self, named(self))
    for key in self.querystring.get('tagKeys', []):
        tags.pop(key, None)
    return '{}'


def named(self: Any) -> str:
    """The end of the ARN in the path: `detector/…`, `detector/…/filter/…`."""
    return unquote(self.path).rsplit(':', 1)[-1]


def tags_of(self: Any, name: str) -> dict[str, str]:
    """The tags, as they are kept; refused where moto knows that there is no such thing."""
    _, detector_id, *rest = name.split('/')
    detector = self.guardduty_backend.get_detector(detector_id)
    if not rest:
        return detector.tags
    if rest[0] == 'filter':
        detector.get_filter(rest[1])
    return vars(detector).setdefault('tags_within', {}).setdefault('/'.join(rest), {})
