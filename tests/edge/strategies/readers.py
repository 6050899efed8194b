"""How a player reads each strategy, in Python: the counterpart that the shared suite needs."""

import base64

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from alpheus.edge.strategies.braid import wrapping_key


def read_ladder(released, _batch):
    return [
        (
            rung["grant"],
            rung["rendition"],
            rung["segment"],
            rung["url"],
            base64.b64decode(rung["key"]),
            base64.b64decode(rung["iv"]),
        )
        for rung in released
    ]


def read_braid(released, batch):
    wrapping = wrapping_key(base64.b64decode(released["salt"]), batch)
    both = [aes_key_unwrap(wrapping, base64.b64decode(wrapped)) for wrapped in released["wraps"]]
    columns = (released[name] for name in ("grants", "renditions", "segments", "urls"))
    rows = list(zip(*columns, both, strict=True))
    return [(*rows[row][:4], rows[row][4][:16], rows[row][4][16:]) for row in released["order"]]


READERS = {"ladder": read_ladder, "braid": read_braid}
