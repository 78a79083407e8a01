"""Files of failed deliveries are read as cases; what is wrong with one is said with its place."""

import base64
import json
from typing import Any

import pytest

from inspector import presets
from inspector.core.formats.diagnosis_cases import CasesMalformed, case_of, cases_from
from tests.core.diagnosis.failures import first
from tests.core.formats.test_catalogue_json import STRIPE

CASE: dict[str, Any] = {
    "id": "a-1",
    "handler": {"provider": "stripe", "scheme_id": "v1", "scheme": STRIPE, "secret": "whsec_1\n", "tolerance_s": 60},
    "other_handlers": [{"name": "second", "provider": "stripe", "secret": "whsec_2"}, {"name": "bare"}],
    "secret_history": ["whsec_0", {"secret": "whsec_00", "label": "2025"}],
    "delivery": {
        "method": "POST",
        "url": "https://shop.test/in?a=1",
        "headers": [["Content-Type", "application/json"], ["X-Name", "Zoë €"]],
        "body_b64": base64.b64encode(b"{}").decode(),
    },
    "now": 1767225600,
    "label": {"cause": "not read"},
}


def text(*cases: dict[str, Any]) -> bytes:
    return json.dumps({"version": 1, "cases": cases}).encode()


def read(case: dict[str, Any]) -> Any:
    described = cases_from(text(case))[0]
    return case_of(described, lambda id_: [each.scheme for each in presets.preset(id_).schemes], ())


def test_a_case_has_the_handler_the_delivery_and_what_else_is_known() -> None:
    case = read(CASE)
    assert (case.provider, case.scheme_id, case.secrets, case.tolerance_s) == ("stripe", "v1", ("whsec_1\n",), 60)
    assert (case.request.target, case.url, case.request.body) == ("/in?a=1", "https://shop.test/in?a=1", b"{}")
    assert [(known.handler, known.value, known.retired) for known in case.others] == [
        ("second", "whsec_2", False), ("", "whsec_0", True), ("", "whsec_00", True),
    ]  # fmt: skip
    assert case.others[0].scheme == presets.scheme("stripe").scheme


def test_a_case_that_was_read_can_be_diagnosed() -> None:
    assert first(read(CASE)).cause == "unsigned-delivery"


def test_header_texts_are_the_bytes_of_the_wire() -> None:
    assert read(CASE).request.headers.first("X-Name") == "Zoë €".encode()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"cases": [{}]}', b"[" * 200_000, b"\xff", text({"id": 1})])
def test_what_is_no_file_of_cases_is_refused(data: bytes) -> None:
    with pytest.raises(CasesMalformed):
        cases_from(data)


@pytest.mark.parametrize(
    "change",
    [
        {"delivery": {**CASE["delivery"], "body_b64": "?"}},
        {"delivery": {**CASE["delivery"], "url": "http://[::1"}},
        {"now": 1e300},
        {"handler": {**CASE["handler"], "scheme": {"kind": "odd"}}},
    ],
)
def test_a_case_that_cannot_be_read_is_named(change: dict[str, Any]) -> None:
    with pytest.raises(CasesMalformed, match="a-1"):
        read({**CASE, **change})
