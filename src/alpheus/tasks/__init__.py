"""Retry, back-off and schedules over django-tasks: work that outlives the request that asked for it."""
