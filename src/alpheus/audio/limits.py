"""How much a file may be and cost: what stands between a hostile file and the machine."""

from dataclasses import dataclass

from alpheus.audio.errors import LimitExceeded

PCM_FRAME_BYTES = 8  # stereo float32
MILLISECONDS = 1000


@dataclass(frozen=True)
class Limits:
    """The limits of one source file; the defaults admit four hours, or an hour at 24 bit 192 kHz."""

    source_bytes_max: int = 4 * 2**30
    seconds_min: float = 0.5  # shorter than one block of EBU R128 plus its step
    seconds_max: float = 4 * 3600.0
    channels_max: int = 8  # 7.1
    rate_hz_min: int = 8_000
    rate_hz_max: int = 384_000
    memory_bytes_max: int = 2**30  # address space of the decoding process
    probe_seconds_max: float = 30.0  # wall and CPU time

    def decode_seconds_max(self, source_seconds: float) -> float:
        """Give the time that decoding may take: a tenth of real time and a minute (we see 1 % of real time)."""
        return 60 + min(source_seconds, self.seconds_max) / 10

    def pcm_bytes_max(self, rate_hz: int) -> int:
        """Give the size that the decoded samples may reach."""
        return int(self.seconds_max * rate_hz) * PCM_FRAME_BYTES

    def check_bytes(self, size: int) -> None:
        """Refuse a file of more bytes than are allowed.

        Raises:
            LimitExceeded: it is too large.
        """
        if size > self.source_bytes_max:
            raise LimitExceeded(
                f"It has {size / 2**30:.1f} GiB; the limit is {self.source_bytes_max / 2**30:g} GiB.",
                "Split it into the pieces it is made of, or bring it as FLAC.",
            )

    def too_long(self) -> LimitExceeded:
        """Say that a recording is too long."""
        return LimitExceeded(
            f"It is longer than {self.seconds_max / 3600:g} hours.",
            "Split it into the pieces it is made of and bring each as a file.",
        )
