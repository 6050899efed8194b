"""What the tables of all rooms need that SQLite and PostgreSQL do differently: the order of texts, taking turns."""
