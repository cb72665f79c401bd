"""What moto lacks: an operation that is not there is answered with a sentence that names it, as its SDK reads errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from answers import failure, protocol_of
from calls import PREFIXES, operation_of
from moto.moto_server.werkzeug_app import create_backend_app

# Not a status that SDKs try again.
STATUS = '501 Not Implemented'


def backend_app(service: Any) -> Any:
    """The application of a service; None stands for one that moto does not have."""
    if service is None:
        raise NotImplementedError
    return create_backend_app(service)


def named(app: Any, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """moto's answer; where it is a web page, or none at all, the operation is one that moto lacks."""
    length = int(environ.get('CONTENT_LENGTH') or 0)
    body = environ['wsgi.input'].read(length) if length else b''
    environ['wsgi.input'] = BytesIO(body)
    told: dict[str, Any] = {}

    def hold(status: str, headers: list[tuple[str, str]], info: Any = None) -> Callable[[bytes], None]:
        told.update(status=status, headers=headers)
        return lambda _: None

    try:
        answer = app(environ, hold)
    except NotImplementedError:
        return lacking(environ, body, start_response)
    # An answer to HEAD has no body, and moto no better type for it: a bucket that is not there.
    if is_page(told) and environ['REQUEST_METHOD'] != 'HEAD':
        return lacking(environ, body, start_response)
    start_response(told['status'], told['headers'])
    return answer


def is_page(told: dict[str, Any]) -> bool:
    """Whether the answer is the router's page for a path that moto does not serve; services answer in XML or JSON."""
    kind = next((value for name, value in told['headers'] if name.lower() == 'content-type'), '')
    return told['status'][:3] in ('404', '405') and kind.startswith('text/html')


def lacking(environ: dict[str, Any], body: bytes, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Says which operation it is."""
    environ['wsgi.input'] = BytesIO(body)
    service = service_of(environ)
    # botocore leaves out hyphens of some names that sign (access-analyzer), and has others for some.
    model = next((name for name in (service, service.replace('-', '')) if protocol_of(name)), service)
    is_form = 'urlencoded' in environ.get('CONTENT_TYPE', '')
    is_readable = is_form or environ.get('HTTP_X_AMZ_TARGET') or protocol_of(model)
    operation = operation_of(model, environ) if is_readable else f'{environ["REQUEST_METHOD"]} {environ["PATH_INFO"]}'
    sentence = f'moto has no {service}:{operation}'
    status, headers, text = failure(model, STATUS, 'NotImplemented', sentence, 'query' if is_form else 'json')
    start_response(status, headers)
    return [text]


def service_of(environ: dict[str, Any]) -> str:
    """The service that the request was signed for."""
    scope = environ.get('HTTP_AUTHORIZATION', '').partition('Credential=')[2].split('/')
    name = scope[3] if len(scope) > 3 else '?'
    return PREFIXES.get(name, name)
