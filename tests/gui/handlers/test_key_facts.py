"""Keys, sets of keys and certificates are told by their fingerprints, pasted or read from a file."""

import datetime
import hashlib
import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID
from jwt.algorithms import ECAlgorithm
from pytestqt.qtbot import QtBot

from inspector.core.handler import Handler
from inspector.core.verification.scheme import Scheme, SecretReading, SignaturePlace
from inspector.gui.handlers.draft import Draft, DraftSecret
from inspector.gui.handlers.handler_form import HandlerForm
from inspector.gui.handlers.key_facts import key_facts
from inspector.gui.widgets.notice import Tone

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = SecretReading(type="public-key")
ASYMMETRIC = Scheme("asymmetric", "ecdsa-p256-sha256", signature=SignaturePlace(name="X-S"), secret=PUBLIC)
SPKI = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
PEM = KEY.public_key().public_bytes(*SPKI).decode()
DER = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
DIGITS = hashlib.sha256(DER).hexdigest()
FINGERPRINT = " ".join(DIGITS[place : place + 8] for place in range(0, 64, 8))


def a_certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2027, 1, 2, tzinfo=datetime.UTC))
        .sign(KEY, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def test_a_public_key_has_its_kind_and_fingerprint() -> None:
    assert key_facts(PEM, PUBLIC) == (f"ECDSA secp256r1, SHA-256 {FINGERPRINT}",)
    other = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(*SPKI).decode()
    assert key_facts(other, PUBLIC)[0].startswith("Ed25519, SHA-256 ")


def test_a_certificate_says_whose_it_is_and_how_long_it_holds() -> None:
    assert key_facts(a_certificate(), PUBLIC) == (
        f"ECDSA secp256r1, SHA-256 {FINGERPRINT}",
        "Certificate of CN=hooks.example.com, valid 2026-01-02 to 2027-01-02",
    )


def test_each_key_of_a_set_has_its_thumbprint() -> None:
    key = json.loads(ECAlgorithm.to_jwk(KEY.public_key()))
    facts = key_facts(json.dumps({"keys": [key | {"kid": "one"}, key | {"kid": "two"}]}), SecretReading(type="jwks"))
    assert [line.split(",")[0] for line in facts] == ["P-256 “one”", "P-256 “two”"]
    assert facts[0].split()[-1] == facts[1].split()[-1]
    assert len(facts[0].split()[-1]) == 43


@pytest.mark.parametrize("text", ["", "no key", "{", '{"keys": 7}', "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END"])
def test_what_is_no_key_has_no_facts(text: str) -> None:
    assert key_facts(text, PUBLIC) == ()


@pytest.fixture
def form(qtbot: QtBot) -> HandlerForm:
    made = HandlerForm()
    qtbot.addWidget(made)
    made.show_draft(Draft(Handler("a", ASYMMETRIC, id=-1), (DraftSecret("key"),)), [])
    made.show()
    return made


def test_a_pasted_key_shows_its_fingerprint_in_the_form(form: HandlerForm) -> None:
    row = form.secrets.rows[0]
    assert row.field is row.key
    row.key.setPlainText("no key")
    assert row._facts.text == ""
    row.key.setPlainText(PEM)
    assert (row._facts.text, row._facts.tone) == (f"ECDSA secp256r1, SHA-256 {FINGERPRINT}", Tone.GOOD)
    assert FINGERPRINT in row.key.accessibleDescription()
    assert form.draft().new_values == (PEM,)


def test_a_certificate_is_read_from_a_file(form: HandlerForm, tmp_path: Path) -> None:
    file = tmp_path / "sender.pem"
    file.write_text(a_certificate())
    form.secrets.add_file(str(file))
    assert "Certificate of CN=hooks.example.com" in form.secrets.rows[1]._facts.text
