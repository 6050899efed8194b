"""May this listener hear this recording, here, now: whole, or one fixed preview of it?"""

from dataclasses import dataclass

from alpheus.catalogue.models import Recording
from alpheus.rights.rules import Access, Extent, Window, extent, preview_window


@dataclass(frozen=True)
class Hearing:
    """What a listener may hear of a recording."""

    extent: Extent
    window: Window
    rate_hz: int

    @property
    def preview(self) -> bool:
        """Whether only the preview is heard."""
        return self.extent is Extent.PREVIEW


def hear(
    *,
    recording: Recording,
    member: bool,
    entitled: bool,
    access: Access,
    preview_seconds: int,
    grid_samples: int,
    early: bool = False,
) -> Hearing | None:
    """Decide how much of a recording a listener hears.

    Args:
        recording: with its asset loaded.
        member: the listener has an account.
        entitled: a plan or a purchase covers the recording; whoever sells tells.
        access: the operator's access setting.
        preview_seconds: a preview's length.
        grid_samples: samples of one released segment at the asset's rate.
        early: it is heard before it appears, and so as a preview only.

    Returns:
        The extent and its window in samples, or None while the recording has no measured audio.
    """
    asset = recording.asset
    if asset is None or not asset.samples or not asset.rate_hz:
        return None
    decided = extent(access, member=member, entitled=entitled, early=early)
    whole = Window(start=0, end=asset.samples)
    if decided is Extent.WHOLE:
        return Hearing(decided, whole, asset.rate_hz)
    window = preview_window(
        samples=asset.samples,
        length=preview_seconds * asset.rate_hz,
        grid=grid_samples,
        peaks=bytes(asset.peaks) if asset.peaks else None,
    )
    return Hearing(decided, window, asset.rate_hz)
