"""A request as the service's own model reads it: operation and input, parsed once for all judges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote

from answers import Answer, failure
from botocore.exceptions import UnknownServiceError
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.datastructures import EnvironHeaders, MultiDict

# Services whose model has another name than the one that they sign with.
MODELS = {
    'access-analyzer': 'accessanalyzer',
    'monitoring': 'cloudwatch',
    'elasticloadbalancing': 'elbv2',
    'elasticfilesystem': 'efs',
    'elasticmapreduce': 'emr',
    'email': 'sesv2',
    'states': 'stepfunctions',
    'tagging': 'resourcegroupstaggingapi',
}

# Services that sign with another name than that of their actions in IAM.
PREFIXES = {'monitoring': 'cloudwatch', 's3express': 's3', 'tagging': 'tag'}

# Models of one signing name that are told apart by where a request goes, or by the version that it says.
BY_PATH = {
    's3': {'/v20180820/': 's3control'},
    'es': {'/2021-01-01/': 'opensearch'},
    'apigateway': {'/v2/': 'apigatewayv2'},
}
BY_VERSION = {'2012-06-01': {'elbv2': 'elb'}}


@dataclass
class Call:
    """What one request asks for. `operation` is `?` where no model knows it; then there is no input."""

    prefix: str
    model_name: str
    operation: str
    region: str
    access_key: str
    method: str
    path: str
    input: dict[str, Any] = field(default_factory=dict)
    is_streaming: bool = False
    is_malformed: bool = False

    @property
    def model(self) -> Any:
        """The service's model."""
        return model_of(self.model_name)

    @property
    def operation_model(self) -> Any:
        """The operation's model; None where no model knows it."""
        known = is_known(self.model_name) and self.operation in self.model.operation_names
        return self.model.operation_model(self.operation) if known else None


def call_of(environ: dict[str, Any]) -> Call | None:
    """The call that a signed request makes; None: a request that is signed for no service, such as a presigned one."""
    scope = environ.get('HTTP_AUTHORIZATION', '').partition('Credential=')[2].split(',')[0].split('/')
    if len(scope) < 5:
        return None
    access_key, _, region, name = scope[:4]
    path = raw_path_of(environ)
    model_name = next(
        (model for start, model in BY_PATH.get(name, {}).items() if path.startswith(start)), MODELS.get(name, name)
    )
    if not is_known(model_name):
        return None
    call = Call(PREFIXES.get(name, name), model_name, '?', region, access_key, environ['REQUEST_METHOD'], path)
    read(call, environ)
    return call


def read(call: Call, environ: dict[str, Any]) -> None:
    """Finds out which operation the request asks for, and its input."""
    target = environ.get('HTTP_X_AMZ_TARGET')
    kind = environ.get('CONTENT_TYPE', '')
    query = parse_qsl(environ.get('QUERY_STRING', ''), keep_blank_values=True)
    uri: dict[str, str] = {}
    if target:
        call.operation = target.split('.')[-1]
    elif 'urlencoded' in kind and call.model_name not in ('s3', 's3control'):
        query += parse_qsl(body_of(environ).decode(), keep_blank_values=True)
        words = dict(query)
        call.operation = words.get('Action', '?')
        call.model_name = BY_VERSION.get(words.get('Version', ''), {}).get(call.model_name, call.model_name)
    else:
        if not is_known(call.model_name):
            return
        call.operation, uri = rest_operation(call, dict(query).keys(), environ)
    model = call.operation_model
    if model is None or model.input_shape is None:
        return
    payload = model.input_shape.serialization.get('payload')
    call.is_streaming = bool(payload) and model.input_shape.members[payload].type_name == 'blob'
    parser = PROTOCOL_PARSERS[spoken(call.model, bool(target), kind)](model)
    try:
        call.input = parser.parse(
            {
                'method': call.method,
                'values': MultiDict(query),
                'headers': EnvironHeaders(environ),
                'body': b'' if call.is_streaming else body_of(environ),
                'url_path': call.path,
                'url_params': uri,
            }
        )
    except (RequestParserError, ValueError, AttributeError, TypeError):
        # A text where the model has a number or a structure, or what is no XML or JSON at all.
        call.is_malformed = True


def operation_of(model_name: str, environ: dict[str, Any]) -> str:
    """The operation that a request to this service asks for; `?` where its model is not known, or does not know it."""
    call = Call(model_name, model_name, '?', '', '', environ['REQUEST_METHOD'], raw_path_of(environ))
    read(call, environ)
    return call.operation


def spoken(model: Any, has_target: bool, kind: str) -> str:
    """The protocol that the request speaks, of those that the service takes."""
    offered = model.metadata.get('protocols', [model.metadata['protocol']])
    if has_target and 'json' in offered:
        return 'json'
    if 'urlencoded' in kind:
        return next((one for one in ('query', 'ec2') if one in offered), model.metadata['protocol'])
    return str(model.metadata['protocol'])


def body_of(environ: dict[str, Any]) -> bytes:
    """The body, which can still be read by whoever comes next."""
    kept = environ.get('selfheal.body')
    if kept is None:
        kept = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
        environ['wsgi.input'] = BytesIO(kept)
        environ['selfheal.body'] = kept
    return bytes(kept)


def raw_path_of(environ: dict[str, Any]) -> str:
    """The path as it came over the wire: an ARN in it keeps its slashes encoded."""
    raw = environ.get('RAW_URI') or environ.get('REQUEST_URI') or environ.get('PATH_INFO', '/')
    return '/' + re.sub(r'^https?://[^/]+', '', raw).split('?')[0].lstrip('/')


def rest_operation(call: Call, words: Any, environ: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The operation that method, path, query and headers mean, and what the path says."""
    fitting = [
        (len(keys) + len(headers), len(pattern.pattern), name, found)
        for name, method, pattern, keys, headers in rest_operations(call.model_name)
        if method == call.method
        and keys <= words
        and headers <= environ.keys()
        and (found := pattern.fullmatch(call.path))
    ]
    if not fitting:
        return '?', {}
    # The one that says most: `GET /{Bucket}?acl` rather than `GET /{Bucket}`. Directory buckets are listed at another host.
    _, _, name, found = max(fitting, key=lambda one: (*one[:2], one[2] != 'ListDirectoryBuckets', one[2]))
    return name, {key.replace('__', '-'): unquote(value) for key, value in found.groupdict().items()}


@cache
def rest_operations(model_name: str) -> list[RestOperation]:
    """Operations with their method, path, the words that their query must hold, and the headers as WSGI names them."""
    model = model_of(model_name)
    operations = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http['requestUri'].partition('?')
        pattern = re.sub(
            r'\\{([\w-]+|\w+(?:\\-\w+)*)(\\\+)?\\}',
            lambda found: f'(?P<{re.sub(r"[^A-Za-z0-9_]+", "__", found[1])}>{".+" if found[2] else "[^/]+"})',
            re.escape(path.rstrip('/')),
        )
        words = {word.split('=')[0] for word in query.split('&') if word}
        headers = {f'HTTP_{word.upper().replace("-", "_")}' for word in required(model, name, 'header')}
        queried = frozenset(words | required(model, name, 'querystring'))
        operations.append((name, http['method'], re.compile(f'{pattern}/?'), queried, frozenset(headers)))
    return operations


def required(model: Any, name: str, location: str) -> set[str]:
    """The words that tell operations of one path apart: part numbers, the source of a copy."""
    shape = model.operation_model(name).input_shape
    if shape is None or model.service_name != 's3':
        return set()
    members = [shape.members[one] for one in shape.metadata.get('required', [])]
    return {one.serialization['name'] for one in members if one.serialization.get('location') == location}


@cache
def model_of(model_name: str) -> Any:
    """A service's model, loaded once."""
    return get_service_model(model_name)


@cache
def is_known(model_name: str) -> bool:
    """Whether botocore has a model of that name."""
    try:
        model_of(model_name)
    except UnknownServiceError:
        return False
    return True


RestOperation = tuple[str, str, re.Pattern[str], frozenset[str], frozenset[str]]


def error(call: Call, code: str, message: str, status: str = '400 Bad Request') -> Answer:
    """An error in the words of the service's protocol."""
    return failure(call.model_name, status, code, message)


def output(call: Call, result: dict[str, Any]) -> Answer:
    """A successful answer of the operation, in its protocol."""
    protocol = call.model.metadata['protocol']
    answer = get_serializer_class(call.model_name, protocol)(call.operation_model).serialize(result)
    body = answer['body']
    return '200 OK', list(dict(answer['headers']).items()), body.encode() if isinstance(body, str) else body

