"""Lambda: moto runs functions only in Docker; here a host outside runs them, and moto passes the calls on."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import urllib3
from faults import arrivals
from moto.awslambda import models, responses, urls

# A function may run for fifteen minutes; the host answers an asynchronous call at once.
LONGEST_RUN = 910

host: dict[str, str] = {}
# Kept open from call to call. Nothing is sent twice: an invoke that has arrived may have run.
connections = urllib3.PoolManager(maxsize=64, retries=False)


def mend() -> None:
    """Puts the mended functions in moto's place."""
    hand_invokes_to_the_host()
    leave_polling_to_the_host()
    replace_event_invoke_config()
    answer_account_settings()
    keep_tracing()


def hand_invokes_to_the_host() -> None:
    """moto answers `error running docker`; SNS, EventBridge, logs and Invoke all come through this one function."""
    models.LambdaFunction.invoke = invoke
    stock = responses.LambdaResponse.invoke

    def invoke_checked(self: Any) -> Any:
        status, headers, payload = stock(self)
        refused = headers.pop('x-selfheal-refused', None)
        if refused:
            kind = {'400': 'InvalidRequestContentException', '404': 'ResourceNotFoundException'}
            return int(refused), {'x-amzn-errortype': kind.get(refused, 'ServiceException')}, payload
        return status, headers, payload

    responses.LambdaResponse.invoke = invoke_checked


def invoke(self: Any, body: Any, request_headers: Any, response_headers: Any) -> bytes:
    """Calls the host's Invoke with the function's ARN; without a type in the headers the call is asynchronous."""
    kind = request_headers.get('x-amz-invocation-type') or ('RequestResponse' if request_headers else 'Event')
    if kind == 'DryRun':
        return b''
    if 'url' not in host:
        response_headers['x-selfheal-refused'] = '500'
        return NO_HOST
    account = self.function_arn.split(':')[4]
    for _ in range(arrivals(account) if kind == 'Event' else 1):
        answer = connections.request(
            'POST',
            f'{host["url"]}/2015-03-31/functions/{quote(self.function_arn, safe="")}/invocations',
            body=body.encode() if isinstance(body, str) else body or b'{}',
            headers={'X-Amz-Invocation-Type': kind},
            timeout=LONGEST_RUN,
        )
    if answer.status >= 400:
        response_headers['x-selfheal-refused'] = str(answer.status)
        return answer.data
    if 'X-Amz-Function-Error' in answer.headers:
        response_headers['x-amz-function-error'] = answer.headers['X-Amz-Function-Error']
    if kind == 'RequestResponse':
        response_headers['x-amz-log-result'] = answer.headers.get('X-Amz-Log-Result', base64.b64encode(b'').decode())
        response_headers['x-amz-executed-version'] = '$LATEST'
    return answer.data


def answer_account_settings() -> None:
    """moto has no GetAccountSettings; the numbers are Lambda's defaults for an account."""
    limits = {
        'TotalCodeSize': 80_530_636_800,
        'CodeSizeUnzipped': 262_144_000,
        'CodeSizeZipped': 52_428_800,
        'ConcurrentExecutions': 1000,
        'UnreservedConcurrentExecutions': 1000,
    }

    def settings(self: Any) -> str:
        functions = self.backend.list_functions(None)
        size = sum(function.code_size for function in functions)
        usage = {'TotalCodeSize': size, 'FunctionCount': len(functions)}
        return json.dumps({'AccountLimit': limits, 'AccountUsage': usage})

    responses.LambdaResponse.get_account_settings = settings
    urls.url_paths[r'{0}/(?P<api_version>[^/]+)/account-settings/?$'] = responses.LambdaResponse.dispatch


def leave_polling_to_the_host() -> None:
    """moto pushes one message per invoke from inside SendMessage, without batches or partial failures."""
    models.LambdaBackend.send_sqs_batch = lambda self, function_arn, messages, queue_arn: False


def replace_event_invoke_config() -> None:
    """moto appends each new configuration and goes on answering with the first."""
    stock = models.LambdaBackend.put_function_event_invoke_config

    def put(self: Any, function_name: str, config: dict[str, Any]) -> dict[str, Any]:
        self.get_function(function_name).event_invoke_config.clear()
        return stock(self, function_name, config)

    models.LambdaBackend.put_function_event_invoke_config = put


NO_HOST = json.dumps({'Message': 'No Lambda host is attached to this local AWS.'}).encode()


def keep_tracing() -> None:
    """moto takes another mode of tracing and keeps the one that it has."""
    stock = models.LambdaFunction.update_configuration

    def update(self: Any, config_updates: dict[str, Any]) -> dict[str, Any]:
        self.tracing_config = config_updates.get('TracingConfig') or self.tracing_config
        return stock(self, config_updates)

    models.LambdaFunction.update_configuration = update
