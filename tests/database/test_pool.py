"""PostgreSQL may be started anew under a running web: the requests after it find connections that are alive."""

import os

import psycopg
import pytest
from django.db import connection

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server"),
    pytest.mark.django_db(transaction=True),
]


def test_connections_that_died_in_the_pool_are_passed_over_at_once():
    connection.ensure_connection()
    pool = connection.pool
    held = [pool.getconn() for _ in range(4)]
    alive = {one.info.backend_pid for one in held} | {connection.connection.info.backend_pid}
    for one in held:
        pool.putconn(one)
    connection.close()
    with psycopg.connect(os.environ["ALPHEUS_DATABASE_URL"], autocommit=True) as beside:
        for pid in alive:
            beside.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert connection.connection.info.backend_pid not in alive
