"""`sign`: a request signed as a preset, a handler or a scheme of your own does it."""

import argparse
import sys

from inspector.cli.failure import DONE, WRONG, Failed
from inspector.cli.parser import Commands, add_command, count_from_zero
from inspector.cli.signing import add_scheme_flags, link_of, moment, requests_of

_EXAMPLE = """  webhook-inspector sign --preset stripe --secret-file key --request delivery.http > signed.http
  webhook-inspector sign --handler github --delivery 12"""


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "print a request as raw HTTP with a new signature, timestamp and what else the scheme has"
    command = add_command(commands, "sign", summary, example=_EXAMPLE)
    add_scheme_flags(command, required=True)
    command.add_argument("--request", metavar="FILE", help="raw HTTP or a line of `export`, - for standard input")
    command.add_argument("--delivery", metavar="ID", type=count_from_zero, help="a stored delivery")
    command.add_argument("--identifier", metavar="TEXT", default="", help="the identifier where the scheme wants one")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Sign it with the first secret; a private key where the scheme checks with a public one."""
    import secrets
    from datetime import UTC, datetime

    from inspector.core.formats.raw_http import raw_bytes
    from inspector.core.verification.public_url import sender_url
    from inspector.core.verification.secret import Secret
    from inspector.core.verification.sign import CannotSign, signed_request

    if (arguments.request is None) == (arguments.delivery is None):
        raise Failed(WRONG, "Say what to sign: --request FILE or --delivery ID.")
    link = link_of(arguments)
    handler = link.handler
    secret = next((each for each in link.secrets if isinstance(each, Secret)), None)
    for received in requests_of(arguments):
        try:
            signed = signed_request(
                received.request,
                handler.scheme,
                secret,
                now=moment(arguments.at) or datetime.now(UTC),
                url=sender_url(received.request, handler.public_url),
                identifier=arguments.identifier or secrets.token_hex(8),
                parameters=handler.parameters,
            )
        except CannotSign as error:
            raise Failed(WRONG, f"It cannot be signed: {error}.") from None
        sys.stdout.buffer.write(raw_bytes(signed))
        sys.stdout.buffer.flush()
    return DONE
