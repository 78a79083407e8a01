"""One GET over https: bounded in time and size, redirects not followed."""

import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp

LARGEST_BYTES = 256 * 1024
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


class FetchFailed(Exception):
    """What was asked for did not come; the message says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A text, and for how many seconds its server says that it holds; None where it does not say."""

    text: str
    max_age_s: int | None = None


async def fetch(address: str, *, limit_s: float, tls: ssl.SSLContext | None = None) -> Fetched:
    """The text at `address`. Raises FetchFailed.

    `tls` says which certificates are trusted, where those of the system are not the right ones.
    """
    if not address.startswith("https://"):
        raise FetchFailed("only https addresses are called")
    import aiohttp  # it takes a tenth of a second to load, and few chains need it

    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=limit_s), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            ) as session,
            session.get(address, allow_redirects=False, ssl=True if tls is None else tls) as answer,
        ):
            if answer.status != 200:
                raise FetchFailed(f"the server answered {answer.status}")
            data = await _limited(answer.content)
            found = _MAX_AGE.search(answer.headers.get("Cache-Control", ""))
            return Fetched(data.decode(), int(found[1]) if found else None)
    except TimeoutError:
        raise FetchFailed(f"no answer within {limit_s:g} s") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise FetchFailed(str(error) or type(error).__name__) from error


async def _limited(stream: "aiohttp.StreamReader") -> bytes:
    data = bytearray()
    async for piece in stream.iter_any():
        data += piece
        if len(data) > LARGEST_BYTES:
            raise FetchFailed(f"the answer is larger than {LARGEST_BYTES:,} bytes")
    return bytes(data)
