"""Ladder: the plain one. A list in order of play, one rung a segment, keys as they are."""

import base64
import re
from collections.abc import Sequence

from alpheus.edge.strategies.contract import BatchContext, SegmentKey

_PATH = re.compile(r"[A-Za-z0-9_-]{56}\Z")


class Ladder:
    """See the module."""

    name = "ladder"

    def path_of(self, name: str) -> str:
        """A name is its own path."""
        return name

    def name_of(self, path: str) -> str | None:
        """A path that looks like a name is one."""
        return path if _PATH.match(path) else None

    def shape(self, keys: Sequence[SegmentKey], batch: BatchContext) -> object:  # noqa: ARG002 - the contract's
        """`[{"grant", "rendition", "segment", "url", "key", "iv"}]`, key and iv in base64."""
        return [
            {
                "grant": key.grant,
                "rendition": key.rendition,
                "segment": key.segment,
                "url": f"/s/{self.path_of(key.name)}?t={key.token}",
                "key": base64.b64encode(key.key).decode(),
                "iv": base64.b64encode(key.iv).decode(),
            }
            for key in keys
        ]
