"""Starts the window: paints it first, and only then brings up what listens and stores."""

import faulthandler
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QEventLoop,
    QMessageLogContext,
    QObject,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from inspector import __version__
from inspector.gui.garbage import GarbageCollector
from inspector.gui.icons import application_icon
from inspector.gui.program import Program
from inspector.gui.soon import Soon
from inspector.gui.theme import Theme
from inspector.instance import ChannelClosed, FolderInUse, FolderUnusable, Refused, ask, hold
from inspector.settings import SettingsError, load

logger = logging.getLogger(__name__)

DESKTOP_ID = "io.github.webhook_inspector.WebhookInspector"
PAINT_LIMIT_MS = 1_000
"""A window that starts minimised or covered is never painted; then the engine starts all the same."""
DONE, BAD_VALUE, CANNOT_RUN = 0, 2, 3


def run(folder: Path, flags: Mapping[str, object], open_id: int | None = None) -> int:
    """Show the window on the data `folder` until it is closed; returns the exit code.

    Where another instance has the folder, that one comes to the front and shows delivery `open_id`.
    """
    # A repaint asks for the interpreter's lock some hundred times; the engine must give it up quickly.
    sys.setswitchinterval(0.0005)
    try:
        with hold(folder):
            settings = load(folder, os.environ, flags)
    except FolderInUse as in_use:
        return _hand_over(folder, open_id, in_use)
    except FolderUnusable as error:
        return _refuse(str(error), CANNOT_RUN)
    except SettingsError as error:
        return _refuse(str(error), BAD_VALUE)
    with ExitStack() as stack:
        _keep_traces(folder, stack)
        application = _application()
        program = Program(folder, settings, Theme(application))
        program.open(open_id)
        _report_errors(program)
        _close_on_signals(program, stack)
        _paint(program)
        program.add_pages()
        collector = GarbageCollector(application)
        collector.start()
        program.loaded.connect(collector.keep)
        soon = Soon(application)
        program.loaded.connect(soon.begin)
        stack.callback(soon.end)
        return _run(application, program)


def _hand_over(folder: Path, open_id: int | None, in_use: FolderInUse) -> int:
    try:
        ask(folder, {"verb": "open", "id": open_id or 0})
    except (ChannelClosed, Refused) as error:
        logger.debug("not handed over: %s", error)
        return _refuse(str(error) if isinstance(error, Refused) else str(in_use), CANNOT_RUN)
    return DONE


def _refuse(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _application() -> QApplication:
    QApplication.setApplicationName("webhook-inspector")
    QApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName(DESKTOP_ID)
    application = QApplication(sys.argv[:1])
    QApplication.setApplicationDisplayName("Webhook Inspector")
    application.setWindowIcon(application_icon())
    application.setQuitOnLastWindowClosed(False)  # the engine ends first
    return application


def _paint(program: Program) -> None:
    """Show the window and return once it is painted: what follows imports for a while."""
    loop = QEventLoop()
    program.window.painted.connect(loop.quit)
    QTimer.singleShot(PAINT_LIMIT_MS, loop, loop.quit)
    program.window.show()
    loop.exec()
    QApplication.processEvents()


def _run(application: QApplication, program: Program) -> int:
    import qasync

    with qasync.QEventLoop(application) as loop:
        loop.set_exception_handler(lambda _loop, context: program.say_error(_logged(context)))
        loop.run_until_complete(program.run())
    program.window.deleteLater()
    return DONE


def _logged(context: Mapping[str, object]) -> str:
    error = context.get("exception")
    logger.error("%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None)
    return _UNFORESEEN.format(error or context.get("message"))


# Errors that nobody foresaw

_UNFORESEEN = "Something went wrong that should not have: {0}. The log has the details."


class _Errors(QObject):
    """Carries what went wrong in any thread into the window's."""

    happened = Signal(str)

    @Slot(str)
    def say(self, text: str) -> None:
        program = self.parent()
        if isinstance(program, Program):
            program.say_error(_UNFORESEEN.format(text))


def _report_errors(program: Program) -> None:
    errors = _Errors(program)
    errors.happened.connect(errors.say)

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            program.window.close()
            return
        logger.error("unforeseen", exc_info=(kind, error, trace))
        errors.happened.emit(kind.__name__)

    def thread_hook(caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            hook(caught.exc_type, caught.exc_value, caught.exc_traceback)

    sys.excepthook = hook
    threading.excepthook = thread_hook


def _keep_traces(folder: Path, stack: ExitStack) -> None:
    """The traces of a crash go into a file in the data folder, and what Qt says into the log."""
    qInstallMessageHandler(_log_qt)
    stack.callback(qInstallMessageHandler, None)
    try:
        folder.joinpath("log").mkdir(parents=True, exist_ok=True, mode=0o700)
        crashes = stack.enter_context((folder / "log" / "crash.log").open("a"))
    except OSError as error:
        logger.warning("a crash would leave no trace: %s", error)
        return
    faulthandler.enable(crashes)
    stack.callback(faulthandler.disable)


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    level = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}.get(kind, logging.WARNING)
    logging.getLogger("qt").log(level, "%s", message)


def _close_on_signals(program: Program, stack: ExitStack) -> None:
    """SIGINT and SIGTERM close the window as its button does. Python would notice them only with the next event."""
    read, write = socket.socketpair()
    for end in (read, write):
        end.settimeout(0)
        stack.callback(end.close)
    notifier = QSocketNotifier(read.fileno(), QSocketNotifier.Type.Read, program)
    notifier.activated.connect(lambda: read.recv(64))
    before = signal.set_wakeup_fd(write.fileno(), warn_on_full_buffer=False)
    stack.callback(signal.set_wakeup_fd, before)
    stack.callback(notifier.setEnabled, False)  # noqa: FBT003 - Qt's signature
    for number in (signal.SIGINT, signal.SIGTERM):
        previous = signal.signal(number, lambda *_: program.window.close())
        stack.callback(signal.signal, number, previous)
