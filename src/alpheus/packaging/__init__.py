"""Chunks, segments, boxes and the encryption of both: what ingest writes and an edge serves.

It moves encoded packets and never decodes sound.
"""
