"""The JSON face: the same verbs as the pages, typed, under /api/v1."""
