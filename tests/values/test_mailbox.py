"""Where letters end up."""

import pytest

from alpheus.values.mailbox import mailbox


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("Wren@Example.com", "wren@example.com"),
        ("wren+music@example.com", "wren@example.com"),
        ("wren+a+b@example.com", "wren@example.com"),
        ("+wren@example.com", "+wren@example.com"),
    ],
)
def test_a_tag_and_capitals_do_not_count(address, box):
    assert mailbox(address) == box
