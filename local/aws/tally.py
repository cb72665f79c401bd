"""Who called what how often: the calls that a run costs are counted here, where every one of them arrives."""

from __future__ import annotations

from collections import Counter

from calls import Call
from mend_iam import sessions

# By role, operation, and the queue, function or topic that the call names.
calls: Counter[tuple[str, str, str]] = Counter()


def count(call: Call | None) -> None:
    """Counts a call; of a key that is no session's, the role is empty."""
    if call is None:
        return
    session = sessions.get(call.access_key)
    role = session['role'].rpartition('/')[2] if session else ''
    calls[(role, f'{call.prefix}:{call.operation}', named_by(call))] += 1


def named_by(call: Call) -> str:
    """The last part of the address or ARN of what a call is about."""
    said = next((call.input[key] for key in ('QueueUrl', 'FunctionName', 'TopicArn') if key in call.input), '')
    return str(said).rstrip('/').replace(':', '/').rpartition('/')[2]


def told() -> list[dict[str, object]]:
    """All that were counted since the start, a line for each role, operation and name."""
    return [
        {'role': role, 'call': call, 'on': on, 'count': number}
        for (role, call, on), number in sorted(calls.copy().items())
    ]
