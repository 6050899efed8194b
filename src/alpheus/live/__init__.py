"""Server-sent events: who waits for a topic is woken, in this process and, on PostgreSQL, in all others.

What changed is not carried: who is woken reads it where it is kept. So a wake-up that is lost, or comes twice, costs a
second look and nothing else. On SQLite one web process serves an installation, and it wakes itself.
"""
