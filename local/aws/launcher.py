"""AWS on this machine: moto's server, mended where a deployed selfheal would notice the difference."""

from __future__ import annotations

import argparse
import errno
import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

# moto reads these while it is imported.
# Its own list makes 1,291 images, with a snapshot and a volume each, in every account that touches EC2.
os.environ.setdefault('MOTO_AMIS_PATH', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'amis.json'))

import faults
import judge_models
import mend_appsync
import mend_athena
import mend_backup
import mend_cloudformation
import mend_cloudfront
import mend_codebuild
import mend_config
import mend_dms
import mend_dynamodb
import mend_ec2
import mend_elasticache
import mend_elb
import mend_events
import mend_guardduty
import mend_iam
import mend_kms
import mend_lambda
import mend_rds
import mend_redshift
import mend_s3
import mend_secretsmanager
import mend_securityhub
import mend_sns
import mend_speed
import mend_sqs
import missing
import stand_ins
import tally
from by_action_alone import by_action_alone
from calls import call_of
from moto.awslambda.utils import get_backend
from moto.core.common_models import BaseModel
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler
from werkzeug.serving import make_server

PORT_TAKEN = 98

server_url: dict[str, str] = {}
own_name: dict[str, str | None] = {}


def main() -> None:
    """Starts the server, says on one line that it is ready, and ends when its parent closes the pipe."""
    options = arguments()
    listener = listen(options.host, options.port)
    port = listener.getsockname()[1]
    server_url['url'] = f'http://127.0.0.1:{port}'
    os.environ['MOTO_PORT'] = str(port)
    own_name['host'] = options.lambda_host_name
    if options.lambda_host:
        attach_lambda_host(options.lambda_host)
    mend_everything()
    logging.getLogger('werkzeug').setLevel(logging.ERROR)
    app = with_own_routes(DomainDispatcherApplication(missing.backend_app))
    server = make_server(
        options.host, port, app, threaded=True, request_handler=Handler, fd=listener.fileno()
    )
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(json.dumps({'ready': True, 'port': port}), flush=True)
    server.serve_forever()


class Handler(MotoRequestHandler):
    """Sends head and body of an answer at once, not each by itself."""

    wbufsize = -1


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=0, help='0 takes a free one')
    parser.add_argument('--lambda-host', help='address of what runs the functions')
    parser.add_argument('--lambda-host-name', help='how a container calls the machine that it runs on')
    return parser.parse_args()


def listen(host: str, port: int) -> socket.socket:
    """Takes the port before anything else, so that a taken one is said at once."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != 'nt':
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        print(json.dumps({'ready': False, 'error': errno.errorcode.get(error.errno or 0, str(error))}), flush=True)
        sys.exit(PORT_TAKEN)
    listener.listen(128)
    return listener


def mend_everything() -> None:
    """Every mend, in one place."""
    mend_sqs.mend(lambda: server_url['url'])
    mend_backup.mend()
    mend_cloudformation.mend()
    mend_lambda.mend()
    mend_events.mend()
    mend_guardduty.mend()
    mend_iam.mend()
    mend_config.mend()
    mend_kms.mend()
    mend_dms.mend()
    mend_dynamodb.mend()
    mend_ec2.mend()
    mend_elasticache.mend()
    mend_rds.mend()
    mend_redshift.mend()
    mend_s3.mend()
    mend_secretsmanager.mend()
    mend_securityhub.mend()
    mend_sns.mend()
    mend_appsync.mend()
    mend_athena.mend()
    mend_cloudfront.mend()
    mend_codebuild.mend()
    mend_elb.mend()
    mend_speed.mend()
    forget_instances()


def forget_instances() -> None:
    """moto keeps every object ever made for its dashboard: in a server that runs for hours that is a leak."""
    BaseModel.__new__ = staticmethod(lambda cls, *args, **kwargs: object.__new__(cls))


def with_own_routes(app: Any) -> Any:
    """Puts the judges and /selfheal/… before moto: what is running functions, what Config was told, what goes wrong."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get('PATH_INFO', '')
        if not path.startswith('/selfheal/'):
            call = call_of(environ)
            account = mend_iam.account_of(call)
            tally.count(call)
            answer = (call and (judge_models.refused(call) or mend_iam.refused(call))) or None
            if answer is None and account not in faults.days:
                answer = stand_ins.answered(call, account)
                if answer is None:
                    return missing.named(app, environ, start_response)
            moto = partial(missing.named, app)
            status, headers, body = answer or faults.served(
                call, account, lambda: stand_ins.answered(call, account) or faults.captured(moto, environ)
            )
            start_response(status, headers)
            return [body]
        if path == '/selfheal/code':
            return code_of(environ, start_response)
        answer = own_answer(path, environ)
        status = '404 Not Found' if answer is None else '200 OK'
        start_response(status, [('Content-Type', 'application/json')])
        return [json.dumps(answer, default=str).encode()]

    return serve


def code_of(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The zip of a function: GetFunction on AWS gives a signed address for it, moto an address that nobody serves."""
    arn = parse_qs(environ.get('QUERY_STRING', ''))['function'][0].split(':')
    try:
        code = get_backend(arn[4], arn[3]).get_function(arn[6]).code_bytes
    except Exception as error:
        start_response('404 Not Found', [('Content-Type', 'text/plain')])
        return [str(error).encode()]
    start_response('200 OK', [('Content-Type', 'application/zip')])
    return [code]


def own_answer(path: str, environ: dict[str, Any]) -> Any:
    """The answer of one of the launcher's own routes."""
    if path == '/selfheal/lambda-host' and environ['REQUEST_METHOD'] == 'POST':
        body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
        attach_lambda_host(json.loads(body)['url'])
        return {'url': mend_lambda.host['url']}
    if path == '/selfheal/faults' and environ['REQUEST_METHOD'] == 'POST':
        return faults.ask(environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0)))
    if path == '/selfheal/by-action-alone':
        return by_action_alone()
    if path == '/selfheal/calls':
        return tally.told()
    if path == '/selfheal/evaluations':
        return mend_config.evaluations
    return None


def attach_lambda_host(url: str) -> None:
    """Says who runs functions from now on; inside a container the loopback address is another machine's."""
    name = own_name['host']
    mend_lambda.host['url'] = (url.replace('127.0.0.1', name) if name else url).rstrip('/')


def end_with_parent() -> None:
    """A parent that dies closes the pipe; without this the server would stay behind for ever."""
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


if __name__ == '__main__':
    main()
