"""Django's PostgreSQL, with a pool that notices at once when the server was started anew."""
