"""The terms of handing in, built from the settings; Django's settings carry them to the faces and the worker."""

from datetime import timedelta

from alpheus.config import secrets
from alpheus.config.settings import Settings
from alpheus.submissions.terms import Terms


def terms(settings: Settings) -> Terms:
    """On which terms this installation takes files in."""
    return Terms(
        uploads=settings.data.resolve() / "uploads",
        file_bytes_max=settings.upload_bytes_max,
        account_bytes_max=settings.upload_account_bytes_max,
        upload_lifetime=timedelta(days=settings.upload_days),
        objects_url=settings.objects_url,
        isrc_prefix=settings.isrc_prefix,
        gs1_prefix=settings.gs1_prefix,
        kek=secrets.key_encryption_key(settings),
    )
