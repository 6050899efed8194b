"""How a player reads each strategy, in Python: the counterpart that the shared suite needs."""

import base64

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from alpheus.edge.strategies.braid import wrapping_key
from alpheus.edge.strategies.tide import chain, is_driftwood, masked


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


def read_tide(released, batch):
    keys, pads = base64.b64decode(released["keys"]), base64.b64decode(released["pads"])
    links = chain(base64.b64decode(released["moon"]), batch)
    rows = zip(released["rows"], reversed(released["rest"]), links, strict=False)
    found = []
    for number, ((piece, segment, half), rest, link) in enumerate(rows):
        if not is_driftwood(link):
            place = slice(32 * number, 32 * number + 32)
            both = masked(masked(keys[place], pads[place]), link)
            found.append((*released["pieces"][piece], segment, f"/s/{half}.{rest}", both[:16], both[16:]))
    return found[::-1]


READERS = {"ladder": read_ladder, "braid": read_braid, "tide": read_tide}
