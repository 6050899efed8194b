"""Tags that web's templates load."""
