"""Builds the pieces below from the settings: object store, keys, the edge's options."""

from functools import cache

from alpheus.catalogue.ear import Ear
from alpheus.config import secrets
from alpheus.config.settings import Settings, load
from alpheus.edge.options import EdgeOptions
from alpheus.edge.strategies.known import STRATEGIES
from alpheus.listening.terms import Edge
from alpheus.storage.blobs import Blobs


@cache
def blobs() -> Blobs:
    """The installation's object store."""
    return Blobs.open(load().objects_url)


def ear(settings: Settings) -> Ear:
    """What recognition works with; its index lies in the data folder."""
    return Ear(
        objects_url=settings.objects_url,
        kek=secrets.key_encryption_key(settings),
        folder=settings.data.resolve() / "recognition",
    )


def edge_options(settings: Settings, edge: Edge) -> EdgeOptions:
    """All that an edge needs to know, and nothing more."""
    return EdgeOptions(
        edge_id=edge.id,
        objects_url=settings.objects_url,
        grant_public_key=secrets.grant_public_key(settings).decode(),
        kek=secrets.key_encryption_key(settings),
        codeword_key=secrets.codeword_key(settings),
        internal_key=secrets.internal_key(settings),
        keylog=settings.data.resolve() / "keylog" / edge.id,
        epoch_seconds=settings.epoch_seconds,
        epoch_grace_seconds=settings.epoch_grace_seconds,
        lead_seconds=settings.lead_seconds,
        seek_seconds=settings.seek_seconds,
        cache_bytes=settings.cache_bytes,
        strategies=tuple(STRATEGIES),
        log_level=settings.log_level,
    )
