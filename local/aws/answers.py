"""Errors in the words of each service's protocol, as the SDKs read them."""

from __future__ import annotations

import json
from functools import cache
from xml.sax.saxutils import escape

from botocore.session import get_session

Answer = tuple[str, list[tuple[str, str]], bytes]


def failure(service: str, status: str, code: str, message: str, protocol: str = 'json') -> Answer:
    """An error of the service; `service` is botocore's name, `status` such as `403 Forbidden`, and `protocol` what to
    speak for a service of another name.
    """
    protocol = protocol_of(service) or protocol
    told = f'<Code>{escape(code)}</Code><Message>{escape(message)}</Message>'
    if protocol == 'ec2':
        return xml(status, f'<Response><Errors><Error>{told}</Error></Errors></Response>')
    if protocol == 'rest-xml' and service == 's3':
        return xml(status, f'<Error>{told}</Error>')
    if protocol in ('query', 'rest-xml'):
        return xml(status, f'<ErrorResponse><Error><Type>Sender</Type>{told}</Error></ErrorResponse>')
    headers = [('Content-Type', 'application/json'), ('x-amzn-ErrorType', code)]
    return status, headers, json.dumps({'__type': code, 'message': message}).encode()


@cache
def protocol_of(service: str) -> str | None:
    """The protocol that the service speaks; None for one that botocore does not know."""
    session = get_session()
    if service not in session.get_available_services():
        return None
    return str(session.get_service_model(service).metadata['protocol'])


def xml(status: str, text: str) -> Answer:
    """An answer in XML."""
    return status, [('Content-Type', 'text/xml')], text.encode()
