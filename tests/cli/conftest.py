"""A command on a folder of the test's own."""

import logging
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from tests.cli.command import Command


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    yield Command(tmp_path / "data", capsys)
    for handler in logging.getLogger().handlers[:]:
        if isinstance(handler, RotatingFileHandler):  # of the folder that is gone with the test
            logging.getLogger().removeHandler(handler)
            handler.close()
