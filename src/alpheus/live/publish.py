"""Say that something about a topic changed."""

from functools import partial

from django.db import connection, transaction

from alpheus.live import postgresql
from alpheus.live.hub import HUB


def publish(topic: str) -> None:
    """Wake who waits for a topic, in every process, once the transaction that this is called in is committed."""
    if connection.vendor == "postgresql":
        postgresql.notify(topic)
    transaction.on_commit(partial(HUB.wake, topic))
