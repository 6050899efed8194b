"""Alpheus: stream from the cloud; musicians keep all of it."""
