"""Django's backend for SQLite, with connections that outlive their thread."""
