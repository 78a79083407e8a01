"""What we write as TOML is read back as the same value."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.core.formats.toml import Value, pairs

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
@settings(max_examples=200, deadline=None)
def test_every_value_survives(table: dict[str, Value]) -> None:
    assert tomllib.loads(pairs(table)) == table


def test_a_key_is_quoted_only_where_it_has_to_be() -> None:
    assert pairs({"plain-key_1": 1, "with space": 2}) == 'plain-key_1 = 1\n"with space" = 2\n'
