"""Coded bytes come back as they were, whether they were coded alone or with others."""

from random import Random

import pytest

from inspector.store.codec import Decoder, Encoder
from inspector.store.dictionary import trained

CHANCE = Random(4)
SHORT, RANDOM, TEXT = b"ok", CHANCE.randbytes(500), b'{"type": "invoice.paid"}' * 40
SAMPLES = [b'{"id": %d, "type": "paid", "customer": "%x"}' % (n, CHANCE.getrandbits(64)) * 9 for n in range(200)]


@pytest.mark.parametrize("dictionary", [None, trained(SAMPLES)], ids=["without a dictionary", "with one"])
@pytest.mark.parametrize(
    "datas",
    [[], [TEXT], [SHORT], [SHORT] * 9, [b"", TEXT, RANDOM, SHORT, *SAMPLES[:20], TEXT * 900], [RANDOM] * 9],
    ids=["none", "one", "a short one", "short ones", "all sorts", "random ones"],
)
def test_many_are_coded_as_each_is_alone(datas: list[bytes], dictionary: bytes | None) -> None:
    encoder = Encoder()
    if dictionary is not None:
        encoder.use(7, dictionary)
    coded = encoder.encode_all(datas)
    assert coded == [encoder.encode(data) for data in datas]
    decoder = Decoder(lambda _: dictionary or b"")
    assert [decoder.decode(codec, data) for codec, data in coded] == datas
