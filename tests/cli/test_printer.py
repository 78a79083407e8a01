"""A slow reader never holds anybody up."""

import threading
import time
from functools import partial

from inspector.cli.printer import Printer


class Reader:
    """Reads only while it is `reading`."""

    def __init__(self) -> None:
        self.reading = threading.Event()
        self.got = b""

    def write(self, text: bytes) -> None:
        self.reading.wait(30)
        self.got += text


def test_lines_come_in_order() -> None:
    reader = Reader()
    reader.reading.set()
    printer = Printer(reader.write)
    for number in range(500):
        printer.print(partial(str, number))
    printer.close()
    assert reader.got.split() == [b"%d" % number for number in range(500)]


def test_what_a_blocked_reader_misses_is_counted_and_costs_nobody_time() -> None:
    reader = Reader()
    printer = Printer(reader.write)
    began = time.monotonic()
    for number in range(50_000):
        printer.print(partial(str, number))
    assert time.monotonic() - began < 5
    reader.reading.set()
    printer.close()
    lines = reader.got.decode().splitlines()
    missed = sum(int(line.split()[1]) for line in lines if line.startswith("..."))
    printed = [int(line) for line in lines if not line.startswith("...")]
    assert printed == sorted(printed)
    assert missed + len(printed) == 50_000
    assert missed > 40_000


def test_a_reader_that_is_gone_is_no_error() -> None:
    def write(text: bytes) -> None:
        raise BrokenPipeError

    printer = Printer(write)
    printer.print(lambda: "line")
    printer.close()
    printer.print(lambda: "another")


def test_a_reader_that_never_reads_does_not_keep_the_program_from_ending() -> None:
    reader = Reader()
    printer = Printer(reader.write)
    printer.print(lambda: "line")
    began = time.monotonic()
    printer.close()
    assert time.monotonic() - began < 5
    reader.reading.set()
