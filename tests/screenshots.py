"""Pictures of every view, light and dark, at both densities: `python -m tests.screenshots FOLDER`.

Needs no display. Everything is real: the engine, the store in a temporary folder, and requests over loopback.
"""

import asyncio
import base64
import hashlib
import hmac
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import ClassVar

from inspector.core.handler import Handler, SecretRef
from inspector.core.verification.scheme import Scheme, SignaturePlace, TimestampCheck

SIZE = 1280, 800
SECRET = "a secret of the pictures only"
PUBLIC_KEY = "edc5a1bd2f1b1f5e3bd8c0d0a0a0c9a1cf2e2d0d9a0d4f6b7e8c9d0a1b2c3d4e"
TEST_SECRET = "another secret of the pictures only"


def main(arguments: Sequence[str]) -> int:
    """Take all pictures into the folder that is named, one process for each density."""
    folder = Path(arguments[0])
    if len(arguments) > 1:
        return take(folder, arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    for density in ("1", "2"):
        environ = os.environ | {"QT_SCALE_FACTOR": density, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "tests.screenshots", str(folder), density]
        if code := subprocess.run(command, env=environ, check=False).returncode:
            return code
    return 0


def take(folder: Path, density: str) -> int:
    """Take the pictures of one density."""
    import qasync
    from PySide6.QtWidgets import QApplication

    from inspector.gui.icons import application_icon
    from inspector.gui.program import Program
    from inspector.gui.theme import Theme
    from inspector.settings import load

    _use_keyring_of_our_own()
    application = QApplication(["webhook-inspector"])
    application.setWindowIcon(application_icon())
    with tempfile.TemporaryDirectory() as data:
        theme = Theme(application)
        program = Program(Path(data), load(Path(data), {}, {"listener.port": 8080}), theme)
        program.window.resize(*SIZE)
        program.window.show()
        program.add_pages()
        with qasync.QEventLoop(application) as loop:
            running = loop.create_task(program.run())
            loop.run_until_complete(_all(program, theme, folder, density))
            program.window.close()
            loop.run_until_complete(running)
    return 0


def _use_keyring_of_our_own() -> None:
    """So that no picture says where this machine keeps its secrets, and the user's keyring stays out of it."""
    import keyring
    from keyring.backend import KeyringBackend

    class PictureKeyring(KeyringBackend):
        priority = 5
        entries: ClassVar[dict[tuple[str, str], str]] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.entries.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.entries[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.entries[service, username]

    keyring.set_keyring(PictureKeyring())  # type: ignore[no-untyped-call]


async def _all(program: object, theme: object, folder: Path, density: str) -> None:
    async for name in _views(program):
        for looks in ("light", "dark"):
            theme.choose(looks)  # type: ignore[attr-defined]
            await asyncio.sleep(0.15)
            _in_front(program).grab().save(str(folder / f"{name}-{looks}-{density}x.png"))  # type: ignore[attr-defined]


def _in_front(program: object) -> object:
    """The window of the program, or the one that is open beside it: to compare answers, for a pasted request."""
    from PySide6.QtWidgets import QWidget

    pasted = program.pages.pasting.pasted  # type: ignore[attr-defined]
    if pasted is not None and pasted.isVisible():
        return pasted

    window: QWidget = program.window  # type: ignore[attr-defined]
    beside = window.findChild(QWidget, "comparison_window")
    return beside if beside is not None and beside.isVisible() else window


async def _views(program: object) -> AsyncIterator[str]:
    """Bring one view after the other into sight, and give its name."""
    from inspector.gui.deliveries.sidebar import Choice
    from inspector.gui.program import Program
    from tests.pictures_of_sending import forwarding, scenarios
    from tests.screenshots_resends import resend_views

    assert isinstance(program, Program)
    window = program.window
    while not window.header.url:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.05)
    yield "no-handler"
    window.sidebar.choose(Choice.HANDLERS)
    yield "handlers-none"
    await program.engine.call(_with_handlers)
    await asyncio.sleep(0.3)
    window.sidebar.choose(Choice.ALL)
    yield "no-delivery"
    await _send_examples(window.header.url)
    while sum(program.live.counts.values()) < 22:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.05)
    deliveries, tabs = window.panes.deliveries, window.panes.details
    deliveries.view.setFocus()
    deliveries.step(3)
    for number, tab in enumerate(("verdict", "headers", "body", "raw")):
        tabs.show_tab(number)
        yield f"delivery-{tab}"
    tabs.show_tab(0)
    for _ in range(3):
        deliveries.step(1)
        await asyncio.sleep(0.05)
    yield "delivery-failed"
    window.header.search.search_now("verdict:failed size:>")
    yield "search-mistake"
    window.header.search.search_now("path:/nowhere")
    await asyncio.sleep(0.3)
    yield "no-match"
    window.header.search.clear_search()
    await asyncio.sleep(0.3)
    window.actions_by_name["palette"].trigger()
    yield "palette"
    window.palette_of_commands.hide()
    window.sidebar.choose(Choice.HANDLERS)
    await asyncio.sleep(0.5)
    yield "handlers"
    assert program.pages is not None
    pane = program.pages.handlers
    pane.choose(pane.handlers[1].id)
    pane.form.scheme_rows.editor("content").setPlainText("{header:X-Time}.{body}")  # type: ignore[attr-defined]
    pane.form.more.setChecked(True)
    await asyncio.sleep(0.5)
    yield "handlers-live"
    pane.form.more.setChecked(False)
    pane.pick_preset()
    await asyncio.sleep(0.5)
    yield "handlers-picker"
    pane.start_from_preset("stripe")
    await asyncio.sleep(0.5)
    yield "handlers-preset"
    window.sidebar.choose(Choice.ALL)
    deliveries.go_to_newest()
    await asyncio.sleep(0.3)
    window.actions_by_name["check_again"].trigger()
    await asyncio.sleep(0.3)
    yield "delivery-again"
    async for name in _handlers(program):
        yield name
    async for name in _failures(program):
        yield name
    async for name in _simulator(program):
        yield name
    async for name in _pasted(program):
        yield name
    async for name in resend_views(program):
        yield name
    window.sidebar.choose(Choice.SETTINGS)
    yield "settings"
    async for name in forwarding(program):
        yield name
    async for name in scenarios(program):
        yield name


async def _handlers(program: object) -> AsyncIterator[str]:
    """A key with its fingerprint, many deliveries checked again, and a ladder with every kind of outcome."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from inspector.gui.deliveries.again_panel import AgainPanel
    from inspector.gui.deliveries.sidebar import Choice
    from inspector.gui.program import Program

    assert isinstance(program, Program)
    assert program.pages is not None
    window, pane = program.window, program.pages.handlers
    pane.start_from_preset("discord")
    pane.form.secrets.rows[0].key.setPlainText(PUBLIC_KEY)
    await asyncio.sleep(0.5)
    yield "handlers-key"
    pane.commands.revert.trigger()
    before = await program.engine.call(_with_ladder)
    window.sidebar.choose(Choice.ALL)
    arrived = sum(program.live.counts.values())
    await _send_ladder(window.header.url, program)
    while sum(program.live.counts.values()) < arrived + 3:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.05)
    deliveries = window.panes.deliveries
    deliveries.go_to_newest()
    await asyncio.sleep(0.3)
    window.panes.details.show_tab(0)
    for name in ("refused", "handshake", "every-outcome"):
        yield f"ladder-{name}"
        deliveries.step(1)
        await asyncio.sleep(0.3)
    window.actions_by_name["check_all_again"].trigger()
    panel = window.findChild(AgainPanel)
    assert isinstance(panel, AgainPanel)
    while panel.busy:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.05)
    yield "again-many"
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    await program.engine.call(lambda inspector: inspector.save_handlers(before))
    await asyncio.sleep(0.3)


async def _with_ladder(inspector: object) -> Sequence[Handler]:
    """A chain that stands in every way for one delivery; returns the chain that was before."""
    from inspector import presets
    from inspector.app import Inspector

    assert isinstance(inspector, Inspector)
    before = inspector.handlers
    plain = Scheme("hmac", "sha256", signature=SignaturePlace(name="Webhook-Signature"))
    strict = TimestampCheck("header:X-Time", tolerance_s=300)
    timed = Scheme("hmac", "sha256", signature=SignaturePlace(name="Webhook-Signature"), timestamp=strict)
    strava = presets.preset("strava")

    async def secret(value: str, label: str = "current") -> tuple[SecretRef, ...]:
        return (SecretRef(await inspector.keep_secret(value), label),)

    chain = (
        Handler("billing-eu", plain, path="/eu/**", secrets=await secret(SECRET)),
        Handler("billing-paused", plain, enabled=False, secrets=await secret(SECRET)),
        Handler("billing-2024", plain, user="billing", secrets=await secret("the secret of another time", "2024")),
        Handler("billing-strict", timed, user="billing", secrets=await secret(SECRET)),
        Handler("billing-new", plain, user="billing"),
        Handler("billing", plain, user="billing", secrets=await secret(SECRET, "2026-rotated")),
        Handler("archive", plain, user="archive", secrets=await secret(SECRET, "archive")),
        Handler("strava", strava.schemes[0].scheme, path="/strava", preset=f"strava:{strava.schemes[0].id}"),
    )
    await inspector.save_handlers(chain)
    return before


async def _send_ladder(url: str, program: object) -> None:
    """One that stands in every way, one handshake, one that is refused."""
    body = b'{"id": "evt_9", "type": "invoice.paid"}'
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    await _send(url, "POST", "/billing", {"Webhook-Signature": signature, "X-Time": "1700000000"}, body)
    await _send(url, "GET", "/strava?hub.mode=subscribe&hub.challenge=15f7d1a91c1f40f8a748fd134752feb3", {}, b"")
    await program.engine.call(lambda inspector: inspector.enable(on=False))  # type: ignore[attr-defined]
    await _send(url, "POST", "/billing", {"Webhook-Signature": signature}, body)
    await program.engine.call(lambda inspector: inspector.enable(on=True))  # type: ignore[attr-defined]


async def _failures(program: object) -> AsyncIterator[str]:
    """Why deliveries failed: one with its cause and its evidence, then all of them in groups."""
    from PySide6.QtWidgets import QWidget

    from inspector.gui.deliveries.sidebar import Choice
    from inspector.gui.diagnosis.cause_section import CauseSection
    from inspector.gui.diagnosis.failure_groups import FailureGroups
    from inspector.gui.program import Program
    from inspector.gui.widgets.disclosure import Disclosure

    assert isinstance(program, Program)
    window = program.window
    window.sidebar.choose(Choice.FAILED)
    await asyncio.sleep(0.3)
    window.panes.details.show_tab(0)
    cause = window.panes.details.findChild(CauseSection)
    assert isinstance(cause, CauseSection)
    before = sum(program.live.counts.values())
    await _send_mistakes(window.header.url)
    while sum(program.live.counts.values()) < before + 4:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.05)
    for name in ("body", "change"):
        window.panes.deliveries.go_to_newest()
        window.panes.deliveries.step(3 * (name == "change"))
        await asyncio.sleep(0.2)
        while cause.busy:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)
        yield f"cause-{name}"
    evidence = cause.findChild(Disclosure, "cause_evidence")
    assert isinstance(evidence, QWidget)
    evidence.click()
    await asyncio.sleep(0.5)
    yield "cause-evidence"
    evidence.click()
    window.actions_by_name["why_failed"].trigger()
    groups = window.findChild(FailureGroups)
    assert isinstance(groups, FailureGroups)
    while groups.busy or groups.counting:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.05)
    yield "failures-by-cause"


async def _simulator(program: object) -> AsyncIterator[str]:
    from inspector.gui.deliveries.sidebar import Choice
    from inspector.gui.program import Program
    from inspector.gui.simulator.simulator_page import SimulatorPage

    assert isinstance(program, Program)
    program.window.sidebar.choose(Choice.SIMULATOR)
    page = program.window.findChild(SimulatorPage)
    assert isinstance(page, SimulatorPage)
    await asyncio.sleep(0.3)
    yield "simulator-none"
    page.choose("slack")
    await asyncio.sleep(0.5)
    yield "simulator-payload"
    page.form.payload.text.insertPlainText("[")
    await asyncio.sleep(0.5)
    yield "simulator-no-json"
    page.form.payload.back.click()
    page.parts.setCurrentIndex(1)
    await asyncio.sleep(0.5)
    yield "simulator-request"
    page.form.often.retries.setChecked(True)
    page.form.often.speed.setValue(2000)
    page.send.click()
    await asyncio.sleep(1.0)
    yield "simulator-refused"
    page.choose("discord")
    await asyncio.sleep(0.5)
    page.form.signing.keep.click()
    await asyncio.sleep(0.5)
    page.send.click()
    await asyncio.sleep(0.5)
    yield "simulator-taken"
    page.form.target.setEditText("ftp://nowhere")
    page.send.click()
    yield "simulator-mistake"


async def _pasted(program: object) -> AsyncIterator[str]:
    """The window for pasted requests: empty, with the cause of a ticket, how it was checked, found out, as fields."""
    from inspector.gui.diagnosis.pasted_window import PastedWindow
    from inspector.gui.program import Program

    assert isinstance(program, Program)
    await program.engine.call(_with_stripe)
    program.window.actions_by_name["diagnose_pasted"].trigger()
    assert program.pages is not None
    window = program.pages.pasting.pasted
    assert isinstance(window, PastedWindow)
    window.resize(*SIZE)
    await asyncio.sleep(0.5)
    yield "pasted-empty"
    window.source.text.show_data(_stripe_ticket().encode())
    await _answered(window)
    yield "pasted-cause"
    window.answer.evidence.set_opened(opened=True)
    await asyncio.sleep(0.3)
    yield "pasted-evidence"
    window.answer.evidence.set_opened(opened=False)
    window.source.text.show_data(_stripe_ticket().replace(", ", ",").encode())
    await _answered(window)
    yield "pasted-body"
    window.source.text.show_data(_acme().encode())
    window.form.secret.setText(SECRET)
    await _answered(window)
    yield "pasted-found"
    window.source.tabs.setCurrentIndex(1)
    window.source.fields.headers.setPlainText("Host: hooks.test\nno colon here")
    await asyncio.sleep(0.5)
    yield "pasted-fields"
    window.source.tabs.setCurrentIndex(0)
    window.source.text.show_data(b"curl -H 'X: 1' \\\n  -d '{ https://h/")
    await asyncio.sleep(0.5)
    yield "pasted-mistake"
    window.close()


async def _answered(window: object) -> None:
    from inspector.gui.diagnosis.pasted_window import PastedWindow

    assert isinstance(window, PastedWindow)
    await asyncio.sleep(0.6)
    while window.busy:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.3)


def _stripe_ticket() -> str:
    body = '{"id": "evt_1QK3bX", "object": "event", "livemode": false, "type": "invoice.payment_failed"}'
    signature = hmac.new(TEST_SECRET.encode(), f"1795245299.{body}".encode(), hashlib.sha256).hexdigest()
    return (
        "curl -X POST 'https://hooks.customer.example/stripe' \\\n  -H 'Content-Type: application/json' \\\n"
        "  -H 'User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)' \\\n"
        f"  -H 'Stripe-Signature: t=1795245299,v1={signature}' \\\n  --data-raw '{body}'\n"
    )


def _acme() -> str:
    url, body = "https://hooks.acme.example/in?shop=7", '{"order":17,"state":"paid"}'
    digest = hmac.new(SECRET.encode(), f"v2;{url};1795335299;{body}".encode(), hashlib.sha256).digest()
    head = f"POST {url} HTTP/1.1\nContent-Type: application/json\nX-Acme-Time: 1795335299\n"
    return f"{head}X-Acme-Sign: {base64.b64encode(digest).decode()}\n\n{body}\n"


async def _with_stripe(inspector: object) -> None:
    from inspector import presets
    from inspector.app import Inspector
    from inspector.core.handler import Handler, SecretRef

    assert isinstance(inspector, Inspector)
    scheme = presets.scheme("stripe").scheme
    for name, text in (("stripe-production", SECRET), ("stripe-test", TEST_SECRET)):
        ref = SecretRef(await inspector.keep_secret(text), "current")
        handler = Handler(name, scheme, path="/stripe", preset="stripe:v1", secrets=(ref,))
        await inspector.save_handlers((*inspector.handlers, handler))


async def _with_handlers(inspector: object) -> None:
    from inspector.app import Inspector
    from inspector.core.handler import Handler, SecretRef
    from inspector.core.verification.verification_type import type_named

    assert isinstance(inspector, Inspector)
    chain = []
    for name, kind, user, path in (
        ("stripe-live", "hmac", "payments", "/stripe"),
        ("github", "hmac", "builds", "/gh/**"),
        ("shop", "base64-hmac", "orders", "/shop"),
        ("intern", "token", "", ""),
    ):
        found = type_named(kind)
        assert found is not None
        secret = SecretRef(await inspector.keep_secret(SECRET), "current")
        chain.append(Handler(name, found.scheme, user=user, path=path, secrets=(secret,)))
    await inspector.save_handlers(chain)


async def _send_examples(url: str) -> None:
    body = b'{"id": "evt_1", "type": "invoice.paid", "data": {"amount": 4200, "currency": "eur", "lines": [1, 2, 3]}}'
    good = hmac.new(SECRET.encode(), body, hashlib.sha256)
    hexed, plain64 = good.hexdigest(), base64.b64encode(good.digest()).decode()
    long_path = "/gh/organisations/a-long-name/repositories/another-long-name/hooks/deliveries/" + "4f" * 40
    for number in range(4):
        for method, path, headers in (
            ("POST", "/stripe", {"Webhook-Signature": hexed, "X-Hub-Signature-256": f"sha256={hexed}"}),
            ("POST", "/gh/push", {"Webhook-Signature": "0" * 64, "X-Hub-Signature-256": "sha256=" + "0" * 64}),
            ("POST", "/shop", {"Webhook-Signature": plain64}),
            ("PUT", long_path + str(number), {}),
            ("GET", "/meta?hub.mode=subscribe&hub.challenge=1158201444", {}),
        ):
            await _send(url, method, path, headers, body if method != "GET" else b"")
    await _send(url, "POST", "/stripe/\u202eexe.gpj", {}, b"\x00\x01\xfe\xff" * 400)
    await _send(url, "POST", "/caf\u00e9?x=a\u200bb", {"X-Note": "gr\u00fc\u00dfe"}, b"name=value&other=2")


async def _send_mistakes(url: str) -> None:
    """Deliveries that another handler's settings, or whoever passed them on, have spoilt."""
    for number in range(4):
        body = b'{"action":"opened","number":%d,"title":"Z\xc3\xbcrich / Z\xc3\xbcri"}' % number
        good = hmac.new(SECRET.encode(), body, hashlib.sha256)
        encoded = base64.b64encode(good.digest()).decode()
        if number < 3:
            await _send(url, "POST", "/gh/push", {"X-Hub-Signature-256": f"sha256={encoded}"}, body)
        else:
            spaced = body.replace(b":", b": ").replace(b",", b", ")
            await _send(url, "POST", "/gh/push", {"X-Hub-Signature-256": f"sha256={good.hexdigest()}"}, spaced)


async def _send(url: str, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    host, _, port = url.split("/")[2].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = {"Host": f"{host}:{port}", "Content-Type": "application/json", **headers, "Content-Length": str(len(body))}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    await reader.readline()
    writer.close()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
