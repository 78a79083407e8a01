"""What many hypotheses share is made once, and comes to the same bytes as if it were made anew."""

from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.choices import BodyChoice, ContentChoice, UrlChoice
from inspector.core.diagnosis.filling import Filling
from inspector.core.request import Headers, Request
from inspector.core.verification.scheme import BODY, Part, Scheme, Source

REQUEST = Request("POST", "/a?x=1", "1.1", Headers([(b"X-Id", b"7")]), b'{"n":1}')
URL, OTHER_URL = UrlChoice("", 0, "https://one.test/a?x=1"), UrlChoice("url-host", 3, "https://two.test/a?x=1")
AS_CAME, CHANGED = BodyChoice("", 0, "", b'{"n":1}'), BodyChoice("body-changed", 3, "other", b'{"n":2}')


def filling(values: dict[str, Source] | None = None) -> Filling:
    return Filling(Case(REQUEST, Scheme("hmac", values=values or {}), ("secret",)))


def template(*parts: Part, **values: bytes) -> ContentChoice:
    return ContentChoice("", 0, parts, values)


def test_each_body_and_url_is_put_where_the_template_has_it() -> None:
    made = filling()
    whole = template(Part("url"), Part("value", name="time"), Part("text", text="."), BODY, Part("header", name="X-Id"),
                     time=b"12")  # fmt: skip
    assert made.content(whole, AS_CAME, URL, b"key") == b'https://one.test/a?x=112.{"n":1}7'
    assert made.content(whole, CHANGED, OTHER_URL, b"key") == b'https://two.test/a?x=112.{"n":2}7'


def test_what_is_read_from_the_body_is_read_from_the_body_that_is_assumed() -> None:
    made = filling({"number": Source("json", path="n")})
    of_body = template(Part("json", path="n"), Part("value", name="number"), number=b"1")
    assert made.content(of_body, AS_CAME, URL, b"key") == b"11"
    assert made.content(of_body, CHANGED, URL, b"key") == b"22"
    assert made.may_have_body(of_body, URL)


def test_the_secret_is_no_part_of_what_an_hmac_is_made_of() -> None:
    made = filling()
    with_secret = template(Part("secret"), BODY)
    assert made.content(with_secret, AS_CAME, URL, b"key") == b'key{"n":1}'
    assert made.content(with_secret, AS_CAME, URL, b"key", as_hmac=True) == b'{"n":1}'
    assert not made.is_shared(with_secret, URL)


def test_a_template_without_the_body_or_the_url_need_not_be_tried_with_others() -> None:
    made = filling()
    assert not made.may_have_body(template(Part("url"), Part("text", text="!")), URL)
    assert made.may_have_body(template(BODY), URL)
    assert made.is_same_at(template(BODY), OTHER_URL, URL)
    assert not made.is_same_at(template(Part("url"), BODY), OTHER_URL, URL)
