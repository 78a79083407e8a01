"""A command is cut and unquoted as its shell does it; bash itself is asked."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.formats.curl import quoted
from inspector.core.formats.reading import Unreadable
from inspector.core.formats.shell_words import cmd_words, posix_commands


def words(text: str) -> list[bytes]:
    (command,) = posix_commands(text)
    return [word.value for word in command.words]


COMMANDS = [
    r"a 'b c' d\ e",
    r"""one "two \"three\" \$four \n" 'five\n'""",
    r"a'b'\''c'",
    r"$'tab\there' $'\x41\101\u00e9\'\\' $'\e[0m'",
    "a \\\n  b \\\n  c",
    "'line 1\nline 2' \"line \\\ngoes on\"",
    r'"" "" ""',
    "a # a comment",
    '\'{"a": "it\'"\'"\'s"}\'',
    "--header='X: 1'\"2\"3",
]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize("text", COMMANDS)
def test_words_are_those_that_bash_makes(text: str) -> None:
    run = subprocess.run(["bash", "-c", f"printf '%s\\0' {text}"], capture_output=True, check=True)
    assert words(f"x {text}")[1:] == run.stdout.split(b"\0")[:-1]


@given(st.lists(st.binary(min_size=1, max_size=20).filter(lambda word: b"\0" not in word), min_size=1, max_size=4))
def test_every_word_that_is_quoted_is_read_back(each: list[bytes]) -> None:
    assert words(" ".join(quoted(word) for word in each)) == each


def test_a_pipe_ends_a_command_and_a_redirection_is_none_of_its_words() -> None:
    first, second = posix_commands("echo x | curl -s http://h/ 2>/dev/null > out.txt -d 1 && echo done | cat")[:2]
    assert first.piped
    assert [word.text for word in second.words] == ["curl", "-s", "http://h/", "-d", "1"]


def test_what_the_shell_would_fill_in_is_named() -> None:
    (command,) = posix_commands("""curl -H "X: $TOKEN" -d '$none' http://${HOST}/ -H `date` """)
    assert command.unfilled == ["$TOKEN", "${HOST}", "`date`"]
    assert command.words[2].text == "X: $TOKEN"


@pytest.mark.parametrize("text", ["curl 'http://h", 'curl \n -d "x', "curl $'x"])
def test_a_quotation_mark_that_is_not_closed_is_named_with_its_place(text: str) -> None:
    with pytest.raises(Unreadable, match="not closed") as raised:
        posix_commands(text)
    assert raised.value.line == text.count("\n") + 1
    assert raised.value.column > 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('curl "http://h/?a=1&b=2" ^\r\n  -H "X: 1"', ["curl", "http://h/?a=1&b=2", "-H", "X: 1"]),
        (r'curl -d "{\"a\": \"b c\"}" h', ["curl", "-d", '{"a": "b c"}', "h"]),
        ('curl -d "say ""hi"" now" h', ["curl", "-d", 'say "hi" now', "h"]),
        (
            r'curl ^"http://h/^" ^' + "\n" + r'  --data-raw ^"^{^\^"a^\^":1^}^"',
            ["curl", "http://h/", "--data-raw", '{"a":1}'],
        ),
        ('curl --data-raw ^"a^\n\nb^" h', ["curl", "--data-raw", "a\nb", "h"]),
        (r"curl C:\dir\file h\\", ["curl", "C:\\dir\\file", "h\\\\"]),
    ],
)
def test_the_command_prompt_of_windows_is_read_as_it_reads(text: str, wanted: list[str]) -> None:
    assert [word.text for word in cmd_words(text).words] == wanted
