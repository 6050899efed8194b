"""Blobs in an object store (a folder, S3 or a compatible) and the keys that seal them at rest.

Not a cache and not a database: a blob is written once under its name and never changed.
"""
