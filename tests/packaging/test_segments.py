"""Segments as they travel: blends, keys, ciphertext and names."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.packaging.errors import NameForged
from alpheus.packaging.segments import (
    NAME_KEY_BYTES,
    RENDITION_CODES,
    SegmentName,
    blend_of,
    decrypt,
    encrypt,
    open_name,
    seal_name,
    segment_key,
    variants_of,
)

KEY = bytes(range(NAME_KEY_BYTES))
URL_SAFE = string.ascii_letters + string.digits + "-_"

names = st.builds(
    SegmentName,
    epoch=st.integers(0, 2**32 - 1),
    asset=st.binary(min_size=16, max_size=16).map(bytes.hex),
    rendition=st.sampled_from(sorted(RENDITION_CODES)),
    segment=st.integers(0, 2**32 - 1),
    blend=st.integers(0, 15),
)


@given(names)
def test_a_name_says_what_it_named_and_only_in_url_safe_letters(named):
    name = seal_name(KEY, **vars(named))
    assert len(name) == 56
    assert set(name) <= set(URL_SAFE)
    assert open_name(KEY, name) == named
    assert seal_name(KEY, **vars(named)) == name


@given(names, names)
def test_different_things_have_different_names(one, other):
    assert (seal_name(KEY, **vars(one)) == seal_name(KEY, **vars(other))) == (one == other)


@given(names, st.integers(0, 42 * 8 - 1))
def test_a_name_with_any_flipped_bit_is_refused(named, bit):
    raw = bytearray(base64.urlsafe_b64decode(seal_name(KEY, **vars(named))))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NameForged):
        open_name(KEY, base64.urlsafe_b64encode(raw).decode())


@given(names, st.integers(0, 55), st.characters())
def test_a_name_has_one_spelling(named, position, letter):
    name = seal_name(KEY, **vars(named))
    changed = name[:position] + letter + name[position + 1 :]
    if changed != name:
        with pytest.raises(NameForged):
            open_name(KEY, changed)


@given(st.text(max_size=80) | st.text(URL_SAFE, min_size=56, max_size=56))
def test_anything_else_is_refused(name):
    with pytest.raises(NameForged):
        open_name(KEY, name)


def test_another_epochs_key_opens_nothing():
    name = seal_name(KEY, epoch=1, asset="ab" * 16, rendition="flac", segment=0, blend=0)
    for foreign in (name + "=", name + "A", name[:-1], " " + name[1:]):
        with pytest.raises(NameForged):
            open_name(KEY, foreign)
    with pytest.raises(NameForged):
        open_name(bytes(NAME_KEY_BYTES), name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"asset": "ab"},
        {"asset": "zz" * 16},
        {"rendition": "mp3"},
        {"segment": -1},
        {"blend": 16},
        {"epoch": 2**32},
    ],
)
def test_what_cannot_be_named_is_said(wrong):
    right = {"epoch": 1, "asset": "ab" * 16, "rendition": "flac", "segment": 0, "blend": 0}
    with pytest.raises(ValueError):  # noqa: PT011 - struct, hex and our own check each say it in their words
        seal_name(KEY, **(right | wrong))


@given(names, names, st.binary(min_size=32, max_size=32))
def test_every_ciphertext_has_a_key_of_its_own(one, other, secret):
    def key(named):
        parts = {name: value for name, value in vars(named).items() if name != "epoch"}
        return segment_key(secret, **parts), parts

    (first, first_parts), (second, second_parts) = key(one), key(other)
    assert (first == second) == (first_parts == second_parts)
    assert len(first[0]) == len(first[1]) == 16
    assert first[0] != first[1]


def test_a_segment_key_belongs_to_its_epochs_secret():
    named = {"asset": "ab" * 16, "rendition": "flac", "segment": 3, "blend": 9}
    assert segment_key(bytes(32), **named) != segment_key(b"\1" * 32, **named)


@given(st.binary(max_size=2000), st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_ciphertext_opens_again_and_is_padded_as_hls_wants(plain, key, iv):
    cipher = encrypt(plain, key, iv)
    assert len(cipher) == (len(plain) // 16 + 1) * 16
    assert decrypt(cipher, key, iv) == plain


def test_a_known_answer():
    # NIST SP 800-38A, F.2.1: AES-128-CBC, first block.
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert encrypt(plain, key, bytes(range(16)))[:16].hex() == "7649abac8119b246cee98e9b12e9197d"


@given(st.lists(st.integers(0, 1), min_size=4, max_size=4))
def test_a_blend_numbers_its_variants(symbols):
    assert variants_of(blend_of(symbols)) == tuple(symbols)


def test_the_first_chunk_is_the_lowest_bit():
    assert blend_of((1, 0, 0, 0)) == 1
    assert blend_of((0, 0, 0, 1)) == 8
    assert blend_of((0, 1)) == 2
    assert {blend_of(variants_of(blend)) for blend in range(16)} == set(range(16))


@pytest.mark.parametrize("wrong", [(0, 0, 0, 0, 0), (2,), (-1, 0)])
def test_a_wrong_blend_is_said(wrong):
    with pytest.raises(ValueError, match="symbols"):
        blend_of(wrong)
