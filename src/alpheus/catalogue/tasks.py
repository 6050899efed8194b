"""What a worker does for this room: makes the index anew when its rules have changed."""

import logging

from alpheus.catalogue import indexing
from alpheus.search import index
from alpheus.tasks.schedule import every

log = logging.getLogger(__name__)


@every(seconds=3600)
def follow_rules() -> None:
    """Index the catalogue by the rules of this version, once after an upgrade."""
    if index.outdated():
        log.info("index_made_anew", extra={"documents": indexing.rebuild()})
