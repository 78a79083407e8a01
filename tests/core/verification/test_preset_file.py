"""A provider's file is read into a preset; every mistake in it is named with file, key and what is allowed."""

import pytest

from inspector.core.verification.preset import Preset
from inspector.core.verification.preset_file import PresetError, read_preset, read_scheme
from inspector.core.verification.scheme import BODY, Part, Scheme, SecretReading, SignaturePlace, Source, TimestampCheck

HEAD = 'name = "Acme"\ncategory = "payments"\ncertainty = "unsure"\n'
SCHEME = """
[[schemes]]
id = "v1"
kind = "hmac"
algorithm = "sha256"
signature = { name = "Acme-Signature", format = "kv", key = "v1" }
content = "{timestamp}.{body}"
values = { timestamp = "signature:t" }
timestamp = { value = "timestamp", tolerance_s = 300 }
"""


def a_preset(text: str, **others: str) -> Preset:
    return read_preset("acme", text, others.__getitem__)


def test_a_scheme_is_read_as_it_is_written() -> None:
    scheme = a_preset(HEAD + SCHEME).schemes[0].scheme
    assert scheme == Scheme(
        "hmac",
        "sha256",
        signature=SignaturePlace(name="Acme-Signature", format="kv", key="v1"),
        values={"timestamp": Source(place="signature", key="t")},
        content=(Part(part="value", name="timestamp"), Part(part="text", text="."), BODY),
        timestamp=TimestampCheck(value="timestamp", tolerance_s=300),
    )


def test_a_provider_that_extends_another_has_its_usual_scheme_and_is_taken_for_it() -> None:
    other = HEAD + '[recognition]\nheaders = ["acme-signature"]\n[delivery]\nid = "json:id"\n' + SCHEME
    preset = a_preset(HEAD + 'extends = "other"\n', other=other)
    assert preset.schemes == a_preset(other).schemes
    assert preset.recognition.headers == ("acme-signature",)
    assert preset.recognition.shared_with == ("other",)
    assert preset.delivery.id == "json:id"


def test_a_scheme_like_another_says_only_what_differs() -> None:
    text = HEAD + '[[schemes]]\nid = "own"\nlike = "other:v1"\nsecret = { decode = "hex" }\n'
    scheme = a_preset(text, other=HEAD + SCHEME).schemes[0]
    assert (scheme.id, scheme.scheme.secret) == ("own", SecretReading(decode="hex"))
    assert scheme.scheme.signature == SignaturePlace(name="Acme-Signature", format="kv", key="v1")


def test_a_scheme_of_the_users_own_needs_no_provider() -> None:
    scheme = read_scheme('kind = "token"\nsignature = { name = "X-Token" }\n', "mine.toml")
    assert scheme == Scheme("token", signature=SignaturePlace(name="X-Token"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("category", "categori"), "categori: unknown key; allowed: name, category, certainty, "),
        (('"unsure"', '"sure"'), "certainty: 'sure' is not known; allowed: confirmed, documented, unsure"),
        (('"hmac"', '"hmak"'), "schemes[0].kind: 'hmak' is not known; allowed: asymmetric, basic, bearer, hash, "),
        (("algorithm =", "digest ="), "schemes[0].digest: unknown key; allowed: kind, algorithm, encoding, "),
        (('key = "v1" }', 'keys = "v1" }'), "schemes[0].signature.keys: unknown key; allowed: place, name, path, "),
        (('"kv"', '"kvs"'), "schemes[0].signature.format: 'kvs' is not known; allowed: algorithm-prefix, "),
        (("{body}", "{bdy}"), "schemes[0].content: character 14: unknown part 'bdy'; allowed: timestamp, body, "),
        (('"signature:t"', '"cookie:t"'), "schemes[0].values.timestamp: unknown source 'cookie:t'; allowed: header:"),
        (("= 300", '= "five"'), "schemes[0].timestamp.tolerance_s: a whole number is wanted, not a text"),
        (('kind = "hmac"\n', ""), "schemes[0].kind: it has to be there"),
        (("{ timestamp =", "{ timestamp.x ="), "schemes[0].values.timestamp: unknown source "),
        (('format = "kv"', "format = 7"), "schemes[0].signature.format: 7 is not known; allowed: algorithm-prefix, "),
        (('name = "Acme-Signature"', "name = []"), "schemes[0].signature.name: a text is wanted, not a list"),
        (('{ value = "timestamp", tolerance_s = 300 }', "{}"), "schemes[0].timestamp.value: it has to be there"),
        (('id = "v1"\n', 'encoding = "b"\n'), "schemes[0].encoding: 'b' is not known; allowed: base64, base64-of-"),
        (('id = "v1"\n', 'like = "nobody:v1"\n'), "schemes[0].like: there is no provider 'nobody'"),
        (("[[schemes]]", "[schemes"), ""),
        ((SCHEME, ""), "schemes: there has to be one"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_what_is_allowed(change: tuple[str, str], message: str) -> None:
    with pytest.raises(PresetError) as caught:
        a_preset((HEAD + SCHEME).replace(*change))
    assert str(caught.value).startswith(f"acme.toml: {message}")


@pytest.mark.parametrize(
    "text", [HEAD + 'extends = "acme"\n', HEAD + '[[schemes]]\nid = "v1"\nlike = "acme:v1"\n'], ids=["extends", "like"]
)
def test_providers_that_refer_to_each_other_in_a_circle_are_refused(text: str) -> None:
    with pytest.raises(PresetError, match="in a circle"):
        a_preset(text, acme=text)
