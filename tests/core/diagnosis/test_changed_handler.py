"""A proposed change as a handler: nothing that verified before is lost by it."""

from dataclasses import replace

from inspector.core.diagnosis.changed_handler import changed_handler
from inspector.core.diagnosis.finding import HandlerChange
from inspector.core.handler import Handler, SecretRef
from inspector.core.request import Headers, Request
from inspector.core.verification.public_url import sender_url
from tests.product import GITHUB

REQUEST = Request("POST", "/hook?a=1", "1.1", Headers(((b"Host", b"localhost"),)))
HANDLER = Handler("github", GITHUB, secrets=(SecretRef("1", "current"),), id=1)
SHOP = Handler("shop", GITHUB, secrets=(SecretRef("2", "current"),), id=2)


def test_a_single_secret_is_replaced_and_keeps_its_label() -> None:
    changed = changed_handler(HANDLER, HandlerChange(secret="x"), [HANDLER], REQUEST, "9")
    assert changed.secrets == (SecretRef("9", "current"),)


def test_of_several_secrets_none_is_lost() -> None:
    two = replace(HANDLER, secrets=(*HANDLER.secrets, SecretRef("3", "next")))
    changed = changed_handler(two, HandlerChange(secret="x"), [two], REQUEST, "9")
    assert changed.secrets == (*two.secrets, SecretRef("9", "mended"))


def test_the_secret_of_another_handler_joins_under_its_name() -> None:
    change = HandlerChange(secret_of=("shop", "current"))
    changed = changed_handler(HANDLER, change, [HANDLER, SHOP], REQUEST)
    assert changed.secrets == (SecretRef("1", "current"), SecretRef("2", "shop: current"))


def test_an_older_secret_of_the_handler_is_tried_again() -> None:
    two = replace(HANDLER, secrets=(*HANDLER.secrets, SecretRef("3", "2025", retired=True)))
    changed = changed_handler(two, HandlerChange(secret_of=("github", "2025")), [two], REQUEST)
    assert changed.secrets == (SecretRef("1", "current"), SecretRef("3", "2025"))


def test_a_url_becomes_the_widest_setting_that_gives_it() -> None:
    for url, setting in (
        ("https://hooks.example.com/hook?a=1", "https://hooks.example.com"),
        ("https://hooks.example.com/in/hook?a=1", "https://hooks.example.com/in/hook"),
        ("https://hooks.example.com/hook?a=%31", "https://hooks.example.com/hook?a=%31"),
    ):
        changed = changed_handler(HANDLER, HandlerChange(url=url), [HANDLER], REQUEST)
        assert changed.public_url == setting
        assert sender_url(REQUEST, changed.public_url) == url
