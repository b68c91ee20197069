"""`bineural serve`: a saved model as a service on this machine."""

from bineural.cli.command import Command
from bineural.errors import InputError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _add_arguments(parser):
    parser.add_argument("model", help="file written by `bineural fit` or save_model()")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine alone)"
    )
    parser.add_argument("--port", type=int, default=8000, help="port (default: 8000; 0 takes a free one)")
    parser.add_argument(
        "--max-rows", type=int, default=10_000, help="most rows of a request (default: 10000)"
    )
    parser.add_argument(
        "--max-body", type=int, default=2**24, help="most bytes of a request (default: 16 MiB)"
    )
    parser.add_argument("--max-requests", type=int, default=16, help="most requests at once (default: 16)")
    parser.add_argument("--max-bytes", type=int, help="most bytes that the model's file may unpack to")


def _run(arguments):
    from bineural.exporting.extras import need
    from bineural.saving import models as saving

    need("serve")
    for name in ("max_rows", "max_body", "max_requests"):
        _check(name, getattr(arguments, name), 1, 2**40)
    _check("port", arguments.port, 0, 65_535)
    model = saving.load_model(arguments.model, arguments.max_bytes)
    serve(model, arguments)
    return 0


def serve(model, arguments):
    """Serve a model until the process is told to stop."""
    import uvicorn

    from bineural.serving.app import make_app

    hosts = [*_LOOPBACK[:2], "[::1]"] if arguments.host in _LOOPBACK else None
    app = make_app(
        model,
        max_rows=arguments.max_rows,
        max_bytes=arguments.max_body,
        max_requests=arguments.max_requests,
        hosts=hosts,
    )
    # uvicorn's own set-up of logging would close the handlers, and the streams, of other libraries
    said = {"log_config": None, "log_level": "warning"}
    config = uvicorn.Config(app, arguments.host, arguments.port, server_header=False, **said)
    server = uvicorn.Server(config)
    bound = _bind(arguments)
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"Serving {arguments.model} at http://{shown}:{port}/docs. Ctrl-C stops it.", flush=True)
    server.run(sockets=[bound])


def _bind(arguments):
    """Take the port, or say that it can't be had."""
    import socket

    family = socket.AF_INET6 if ":" in arguments.host else socket.AF_INET
    # without the protocol's number asyncio leaves Nagle's delay on: 40 ms an answer on a connection kept open
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((arguments.host, arguments.port))
        bound.listen(128)  # who asks before uvicorn runs waits for it
    except OSError as error:
        bound.close()
        raise InputError(
            "`host` and `port` must be an address of this machine that is free.",
            f"{arguments.host}:{arguments.port} could not be taken: {error.strerror or error}.",
            "Choose another port; 0 takes a free one.",
        ) from error
    return bound


def _check(name, value, low, high):
    if not low <= value <= high:
        raise InputError(
            f"`{name}` must be a whole number from {low:,} to {high:,}.",
            f"Found {value:,}.",
            "Choose another.",
        )


COMMAND = Command("Serve a saved model's predictions over HTTP", _add_arguments, _run, place=7)
