"""A signed request as a few lines for a shell, with the secret asked for and never written."""

from inspector.core.formats.curl import quoted
from inspector.core.handler import Handler
from inspector.core.sample import sample_path
from inspector.core.verification.digests import canonical
from inspector.core.verification.scheme import Scheme, SecretReading, SignaturePlace
from inspector.core.verification.verification_type import type_of

_BODY = '{"hello":"world"}'
_OPENSSL = {"blake2b": "blake2b512", "blake2s": "blake2s256"}


def signed_curl(handler: Handler, base_url: str) -> str | None:
    """Lines for bash and zsh that send `base_url` a small delivery which `handler` verifies.

    They ask for the secret, so that it is in no command line, file or history. None where the scheme is
    more than OpenSSL's command and cURL can say.
    """
    scheme = handler.scheme
    if type_of(scheme) is None or scheme.secret != SecretReading():
        return None
    url = quoted(base_url.rstrip("/") + sample_path(handler.path))
    post = (f"curl {url} \\", "  --header 'Content-Type: application/json' \\")
    place = scheme.signature
    if place is None:
        return "\n".join((*post, f"  --data-raw {quoted(_BODY)}"))
    lines = (*_asking(handler.name), *_sending(post, scheme, place))
    return "\n".join(("(", *(f"  {line}" for line in lines), ")"))


def _asking(name: str) -> tuple[str, ...]:
    # In brackets the shell has read every pasted line before `read` waits for the secret.
    return (f"printf %s {quoted(f'Secret of {name}: ')}", "IFS= read -rs secret; echo")


def _sending(post: tuple[str, ...], scheme: Scheme, place: SignaturePlace) -> tuple[str, ...]:
    start = quoted(f"{place.name}: {place.prefix}")
    if scheme.kind == "token":
        return (f'printf %s {start}"$secret" |', *post, "  --header @- \\", f"  --data-raw {quoted(_BODY)}")
    return (
        f"body={quoted(_BODY)}",
        'signature=$(printf %s "$body" |',
        f"  {_openssl(scheme)})",
        *post,
        f'  --header {start}"$signature" \\',
        '  --data-raw "$body"',
    )


def _openssl(scheme: Scheme) -> str:
    name = canonical(scheme.algorithm)
    digest = f'openssl dgst -{_OPENSSL.get(name, name.replace("_", "-"))} -hmac "$secret"'
    if scheme.encoding == "base64":
        return f"{digest} -binary | openssl base64 -A"
    upper = " | tr a-f A-F" if scheme.hex_upper else ""
    return f"{digest} -r | cut -d' ' -f1{upper}"
