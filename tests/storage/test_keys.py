"""Storage keys: what is sealed for one place opens there and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.storage.errors import BlobCorrupt
from alpheus.storage.keys import new_storage_key, seal, unseal, unwrap, wrap

KEY, KEK = bytes(range(32)), bytes(range(32, 64))
places = st.tuples(st.integers(0, 1), st.integers(0, 2**40), st.text(max_size=40))


@given(st.binary(max_size=500), places)
def test_a_chunk_opens_where_it_was_sealed(plain, place):
    variant, chunk, context = place
    sealed = seal(KEY, plain, variant=variant, chunk=chunk, context=context)
    assert len(sealed) == len(plain) + 16
    assert unseal(KEY, sealed, variant=variant, chunk=chunk, context=context) == plain


@given(st.binary(max_size=100), places, places)
def test_a_chunk_opens_at_no_other_place(plain, place, other):
    sealed = seal(KEY, plain, variant=place[0], chunk=place[1], context=place[2])
    if place != other:
        with pytest.raises(BlobCorrupt):
            unseal(KEY, sealed, variant=other[0], chunk=other[1], context=other[2])


@given(st.binary(max_size=100), st.data())
def test_a_chunk_with_one_flipped_bit_is_refused(plain, data):
    sealed = bytearray(seal(KEY, plain, variant=0, chunk=7, context="x/aac-128"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BlobCorrupt):
        unseal(KEY, bytes(sealed), variant=0, chunk=7, context="x/aac-128")


def test_another_key_opens_nothing():
    sealed = seal(KEY, b"sound", variant=0, chunk=0, context="c")
    with pytest.raises(BlobCorrupt):
        unseal(new_storage_key(), sealed, variant=0, chunk=0, context="c")


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, (12 + 32 + 16) * 8 - 1))
def test_a_wrapped_key_opens_for_its_context_alone(context, other, bit):
    wrapped = wrap(KEK, KEY, context=context)
    assert unwrap(KEK, wrapped, context=context) == KEY
    assert wrap(KEK, KEY, context=context) != wrapped
    flipped = bytearray(wrapped)
    flipped[bit // 8] ^= 1 << bit % 8
    refused = [(KEK, bytes(flipped), context), (KEY, wrapped, context), (KEK, wrapped[:11], context)]
    if other != context:
        refused.append((KEK, wrapped, other))
    for kek, token, place in refused:
        with pytest.raises(BlobCorrupt, match="ALPHEUS_KEY_ENCRYPTION_KEY"):
            unwrap(kek, token, context=place)


def test_storage_keys_are_random():
    assert len({new_storage_key() for _ in range(100)}) == 100
    assert len(new_storage_key()) == 32
