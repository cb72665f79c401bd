"""AWS as it is on a bad day, for one account at a time: it throttles, shows old state, takes its time, refuses, and fails
in part. Tests ask for it by `POST /selfheal/faults`; nothing of it happens unasked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from calls import Answer, Call, error, output


@dataclass
class Day:
    """What goes wrong in one account."""

    throttle: float = 0
    """How many of its requests are throttled, 0 to 1."""
    seed: int = 0
    stale: int = 0
    """How many reads after a write still show what they showed before it."""
    pending: int = 0
    """How many reads after a write show what is being changed as under way."""
    refuse: dict[str, dict[str, str]] = field(default_factory=dict)
    """By `service:Operation`, the code and message that it is always answered with."""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By `service:Operation`, the output that it gives with HTTP 200 without doing anything."""
    twice: bool = False
    """Whether asynchronous invocations of functions arrive twice."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.shown: dict[str, Answer] = {}
        self.old: dict[str, int] = {}
        self.under_way = 0


days: dict[str, Day] = {}

READS = ('Get', 'List', 'Describe', 'Head', 'Lookup', 'Search', 'BatchGet', 'Simulate')

# How services say that they are asked too often. Source: each API's common errors.
THROTTLED = {
    'ec2': ('RequestLimitExceeded', '503 Service Unavailable'),
    's3': ('SlowDown', '503 Slow Down'),
    'lambda': ('TooManyRequestsException', '429 Too Many Requests'),
    'query': ('Throttling', '400 Bad Request'),
    'json': ('ThrottlingException', '400 Bad Request'),
}

# What a reading says while a change is under way, for what it says when all is done.
UNDER_WAY: dict[str, list[tuple[bytes, bytes]]] = {
    'ec2:DescribeInstances': [
        (b'<name>stopped</name>', b'<name>stopping</name>'),
        (b'<name>terminated</name>', b'<name>shutting-down</name>'),
        (b'<name>running</name>', b'<name>pending</name>'),
    ],
    'ec2:DescribeSnapshots': [(b'<status>completed</status>', b'<status>pending</status>')],
    'ec2:DescribeVolumes': [(b'<status>available</status>', b'<status>creating</status>')],
    'rds:DescribeDBClusters': [(b'<Status>available</Status>', b'<Status>modifying</Status>')],
    'rds:DescribeDBInstances': [
        (b'<DBInstanceStatus>available</DBInstanceStatus>', b'<DBInstanceStatus>modifying</DBInstanceStatus>')
    ],
    'redshift:DescribeClusters': [
        (b'<ClusterStatus>available</ClusterStatus>', b'<ClusterStatus>modifying</ClusterStatus>')
    ],
}


def ask(body: bytes) -> dict[str, Any]:
    """Makes an account's day as bad as asked; one that is asked for nothing is good again."""
    asked = json.loads(body)
    account = asked.pop('account')
    days.pop(account, None)
    if asked:
        days[account] = Day(**asked)
    return {'account': account, **asked}


def served(call: Call | None, account: str, app: Callable[[], Answer]) -> Answer:
    """The answer to a call on such a day."""
    day = days.get(account)
    if call is None or day is None:
        return app()
    name = f'{call.prefix}:{call.operation}'
    if day.throttle and day.random.random() < day.throttle:
        return throttled(call)
    if name in day.refuse:
        said = day.refuse[name]
        return error(call, said['code'], said['message'])
    if name in day.answers:
        return output(call, day.answers[name])
    return seen(day, call, name, app) if call.operation.startswith(READS) else written(day, app)


def seen(day: Day, call: Call, name: str, app: Callable[[], Answer]) -> Answer:
    """A reading: what it showed before the last write, what is under way, or what is."""
    key = f'{name} {call.region} {json.dumps(call.input, sort_keys=True, default=str)}'
    if day.old.get(key, 0) > 0:
        day.old[key] -= 1
        return day.shown[key]
    status, headers, body = app()
    if day.under_way > 0 and name in UNDER_WAY:
        day.under_way -= 1
        for done, doing in UNDER_WAY[name]:
            body = body.replace(done, doing)
        headers = [(one, str(len(body)) if one.lower() == 'content-length' else value) for one, value in headers]
    day.shown[key] = (status, headers, body)
    return status, headers, body


def written(day: Day, app: Callable[[], Answer]) -> Answer:
    """A write, after which readings lag behind."""
    answer = app()
    if answer[0].startswith('2'):
        day.old = dict.fromkeys(day.shown, day.stale)
        day.under_way = day.pending
    return answer


def throttled(call: Call) -> Answer:
    """AWS is asked too often."""
    protocol = 'query' if call.model.metadata['protocol'] == 'query' else 'json'
    code, status = THROTTLED.get(call.model_name, THROTTLED[protocol])
    return error(call, code, 'Rate exceeded', status)


def captured(app: Any, environ: dict[str, Any]) -> Answer:
    """What an application answers, as a whole."""
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Callable[[bytes], None]:
        said[:] = [status, headers]
        return lambda _chunk: None

    chunks: Iterable[bytes] = app(environ, start)
    body = b''.join(chunks)
    return said[0], said[1], body


def arrivals(account: str) -> int:
    """How often an asynchronous invocation arrives in an account today."""
    return 2 if account in days and days[account].twice else 1
