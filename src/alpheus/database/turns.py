"""Taking turns: what looks before it writes must not meet another that does the same."""

import zlib

from django.db import connection


def take_turn(name: str) -> None:
    """Wait until no other transaction has the turn of this name, and keep it until this transaction ends.

    On SQLite every transaction that writes has its turn from its beginning (IMMEDIATE), so nothing is done.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"alpheus.{name}".encode())])
