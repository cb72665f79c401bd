"""The judge of inputs: each request is held against AWS's own model of its operation, as AWS holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import regex
from calls import Answer, Call, error, model_of

# A fault of an input: where, which of the model's constraints, and what stood there.
Fault = tuple[str, str, Any]
Check = Callable[[Any, str], Iterator[Fault]]

# What a service calls a faulty input where its protocol's own word is another. Source: each API's common errors.
CODES = {
    'ec2': 'InvalidParameterValue',
    'rds': 'InvalidParameterValue',
    'redshift': 'InvalidParameterValue',
    's3': 'InvalidArgument',
    's3control': 'InvalidArgument',
    'sns': 'InvalidParameter',
    'sqs': 'InvalidParameterValueException',
    'lambda': 'ValidationException',
}
MISSING = {'ec2': 'MissingParameter', 's3': 'MissingRequestParameter', 'sqs': 'MissingRequiredParameterException'}
BY_PROTOCOL = {'query': 'ValidationError', 'json': 'ValidationException', 'rest-json': 'ValidationException'}


def refused(call: Call) -> Answer | None:
    """AWS's refusal of an input that its model does not allow; None: it may go on."""
    model = call.operation_model
    if model is None or model.input_shape is None:
        return None
    if call.is_malformed:
        code = 'MalformedXML' if 'xml' in call.model.metadata['protocol'] else 'SerializationException'
        return error(call, code, 'The request could not be read as the operation has it')
    faults = [fault for fault in check_of(call.model_name, model.input_shape.name)(call.input, '')]
    if call.is_streaming:
        payload = model.input_shape.serialization['payload']
        faults = [fault for fault in faults if fault[0] != payload]
    if not faults:
        return None
    is_missing = all(value is None for _, _, value in faults)
    usual = CODES.get(call.model_name) or BY_PROTOCOL.get(call.model.metadata['protocol'], 'InvalidParameterValue')
    code = MISSING.get(call.model_name, usual) if is_missing else usual
    return error(call, code, sentence(faults, WORDINGS.get(call.model_name, whole)))


def sentence(faults: list[Fault], wording: Callable[[Fault], str]) -> str:
    """How AWS lists faults of an input."""
    noun = 'error' if len(faults) == 1 else 'errors'
    return f'{len(faults)} validation {noun} detected: {"; ".join(map(wording, faults))}'


def whole(fault: Fault) -> str:
    """A fault with the value that stood there."""
    where, what, value = fault
    said = 'null' if value is None else f"'{value}'"
    return f"Value {said} at '{where}' failed to satisfy constraint: {what}"


def discreet(fault: Fault) -> str:
    """A fault as IAM says it: neither the value nor the words that it knows."""
    where, what, _ = fault
    return f"Value at '{where}' failed to satisfy constraint: {what.partition(': [')[0] if 'enum' in what else what}"


WORDINGS = {'iam': discreet}


@cache
def check_of(model_name: str, shape_name: str) -> Check:
    """What checks a shape of a service, made once."""
    return check_for(model_name, model_of(model_name).shape_for(shape_name))


def check_for(model_name: str, shape: Any) -> Check:
    """What checks a value of the shape."""
    if shape.type_name == 'structure':
        return structure(model_name, shape)
    if shape.type_name == 'list':
        return sequence(model_name, shape)
    if shape.type_name == 'map':
        return mapping(model_name, shape)
    if shape.type_name == 'string':
        return string(shape)
    if shape.type_name in ('integer', 'long', 'float', 'double'):
        return number(shape)
    return anything


def structure(model_name: str, shape: Any) -> Check:
    """Required members are there, and each is as its own shape says."""
    if getattr(shape, 'is_document_type', False):
        return anything
    members = {name: member.name for name, member in shape.members.items()}
    required = shape.metadata.get('required', [])

    def check(value: Any, where: str) -> Iterator[Fault]:
        for name in required:
            if value.get(name) is None:
                yield beneath(where, name), 'Member must not be null', None
        for name, one in value.items():
            if one is not None and name in members:
                yield from check_of(model_name, members[name])(one, beneath(where, name))

    return check


def sequence(model_name: str, shape: Any) -> Check:
    """As many members as allowed, each as its own shape says."""
    bounds, member = bounded(shape, 'length'), shape.member.name

    def check(value: Any, where: str) -> Iterator[Fault]:
        yield from bounds(len(value), value, where)
        for index, one in enumerate(value):
            yield from check_of(model_name, member)(one, f'{where}.{index + 1}.member')

    return check


def mapping(model_name: str, shape: Any) -> Check:
    """As many entries as allowed, keys and values as their own shapes say."""
    bounds, key, member = bounded(shape, 'length'), shape.key.name, shape.value.name

    def check(value: Any, where: str) -> Iterator[Fault]:
        yield from bounds(len(value), value, where)
        for name, one in value.items():
            yield from check_of(model_name, key)(name, where)
            yield from check_of(model_name, member)(one, f'{where}.{name}.member')

    return check


def string(shape: Any) -> Check:
    """Length, pattern, and the words that an enumeration knows."""
    bounds = bounded(shape, 'length')
    words = frozenset(shape.metadata.get('enum', ()))
    said = f'Member must satisfy enum value set: [{", ".join(shape.metadata.get("enum", ()))}]'
    pattern = shape.metadata.get('pattern')
    fits = matcher(pattern) if pattern else None

    def check(value: Any, where: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            return
        yield from bounds(len(value), value, where)
        if words and value not in words:
            yield where, said, value
        if fits and not fits(value):
            yield where, f'Member must satisfy regular expression pattern: {pattern}', value

    return check


def matcher(pattern: str) -> Callable[[str], Any] | None:
    """Java's expressions stand for the whole of a value unless they have anchors of their own."""
    try:
        compiled = regex.compile(pattern)
    except regex.error:
        return None
    return compiled.search if pattern.startswith('^') or pattern.endswith('$') else compiled.fullmatch


def number(shape: Any) -> Check:
    """A number within its range."""
    bounds = bounded(shape, 'value')
    return lambda value, where: bounds(value, value, where)


def bounded(shape: Any, what: str) -> Callable[[Any, Any, str], Iterator[Fault]]:
    """Minimum and maximum of a length or of a value itself."""
    low, high = shape.metadata.get('min'), shape.metadata.get('max')
    having = 'have length' if what == 'length' else 'have value'

    def check(measure: Any, value: Any, where: str) -> Iterator[Fault]:
        if not isinstance(measure, (int, float)):
            return
        if low is not None and measure < low:
            yield where, f'Member must {having} greater than or equal to {low}', value
        if high is not None and measure > high:
            yield where, f'Member must {having} less than or equal to {high}', value

    return check


def anything(_value: Any, _where: str) -> Iterator[Fault]:
    """What has no constraint that this judge knows."""
    return iter(())


def beneath(where: str, name: str) -> str:
    """A member's place; AWS writes it with a small first letter."""
    small = name[0].lower() + name[1:]
    return f'{where}.{small}' if where else small
