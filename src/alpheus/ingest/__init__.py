"""From a file to all that an edge needs, in numbered phases; pure: no database, no catalogue."""
