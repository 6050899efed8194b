"""The connection that Django opens for a thread: one of the pool's that is alive."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for what it does with connections that died in the pool.

    Django leaves the check to the pool (CONN_HEALTH_CHECKS), which waits a second, two, four after each dead one
    that it finds; after a restart of the server all are dead, and requests would fail for a while.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take connections out of the pool until one is alive; the pool replaces those that are not."""
        while True:
            found = super().get_new_connection(conn_params)
            if not self.pool or _alive(found):
                return found
            self.pool.putconn(found)


def _alive(connection: psycopg.Connection[Any]) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return True
