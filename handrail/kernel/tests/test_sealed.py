"""What is sealed stays shut: for other rows, other people, changed bytes, other keys, and after erasing."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handrail.kernel import keys
from handrail.kernel.keys import InstallKeys, KeyFault
from handrail.kernel.sealed import SealedField, seal, unseal

KEY = AESGCM(b"k" * 32)


@pytest.mark.parametrize("value", ["a hard day", 3, 0, "", ["a", "b"], {"a": None}, True])
def test_a_value_comes_back_as_it_went_in(value: object) -> None:
    assert unseal(KEY, seal(KEY, value, b"table|column|row|owner"), b"table|column|row|owner") == value


def test_the_same_words_never_look_the_same() -> None:
    assert seal(KEY, "rough", b"x") != seal(KEY, "rough", b"x")


@pytest.mark.parametrize("place", range(0, 40, 3))
def test_a_changed_byte_is_an_error(place: int) -> None:
    sealed = bytearray(seal(KEY, "a hard day, twice", b"x"))
    sealed[place] ^= 1
    with pytest.raises(KeyFault):
        unseal(KEY, bytes(sealed), b"x")


@pytest.mark.parametrize("bound_to", [b"other|column|row|owner", b"table|column|row|somebody", b""])
def test_a_value_moved_elsewhere_does_not_open(bound_to: bytes) -> None:
    with pytest.raises(KeyFault):
        unseal(KEY, seal(KEY, "mine", b"table|column|row|owner"), bound_to)


def test_a_field_left_empty_is_empty_text_and_not_empty_bytes() -> None:
    """What `BinaryField` makes of it could not be sealed at all."""
    assert repr(SealedField(default=str).get_default()) == "''"


def test_another_key_is_an_error() -> None:
    with pytest.raises(KeyFault):
        unseal(AESGCM(b"o" * 32), seal(KEY, "mine", b"x"), b"x")


def test_a_data_key_opens_only_with_the_key_that_wrapped_it_and_for_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = InstallKeys.fresh()
    monkeypatch.setattr(keys, "install_keys", lambda: ring)
    wrapped_by, wrapped = keys.wrap("jo", b"d" * 32, leaf=7)
    assert keys.unwrap("jo", wrapped_by, wrapped) == b"d" * 32
    with pytest.raises(KeyFault):
        keys.unwrap("sam", wrapped_by, wrapped)
    monkeypatch.setattr(keys, "install_keys", InstallKeys.fresh)
    with pytest.raises(KeyFault):
        keys.unwrap("jo", wrapped_by, wrapped)


def test_the_key_file_is_readable_by_its_owner_alone_and_a_damaged_one_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "key.json"
    ring = InstallKeys.fresh()
    ring.write(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert InstallKeys.read(file) == ring
    for damage in ("", "{}", file.read_text()[:-20], file.read_text().replace('"current": "1"', '"current": "9"')):
        file.write_text(damage)
        with pytest.raises(KeyFault):
            InstallKeys.read(file)


def test_a_new_key_keeps_the_old_ones_until_all_is_rewrapped() -> None:
    ring = InstallKeys.fresh().with_new_key()
    assert ring.current == "2" and set(ring.keys) == {"1", "2"}
    assert set(ring.only_current().keys) == {"2"}
