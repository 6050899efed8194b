"""Hears what an <audio> element plays, sample by sample, and finds out what it was.

A MediaElementSource leads into an AudioWorklet whose context runs at the media's rate, so that nothing is resampled.
Places are found by correlation with the known recording, to a fraction of a sample.
"""

import base64

import numpy as np
from journeys.browsers import Browser
from scipy.signal import correlate

WORKLET = """
registerProcessor("capture", class extends AudioWorkletProcessor {
  constructor() { super(); this.block = new Float32Array(16384); this.filled = 0; }
  process(inputs) {
    const heard = inputs[0][0];
    if (heard) this.block.set(heard, this.filled); else this.block.fill(0, this.filled, this.filled + 128);
    this.filled += 128;
    if (this.filled === this.block.length) {
      this.port.postMessage(this.block, [this.block.buffer]);
      this.block = new Float32Array(16384); this.filled = 0;
    }
    return true;
  }
});
"""


class Ear:
    """Hears one browser's audio element. Make it before the page is visited."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._worklet = browser.script_address("/capture-worklet.js", WORKLET)

    def start(self, *, rate_hz: int = 44_100) -> None:
        """Tap the page's audio element; needs leave to start sound (autoplay or a press)."""
        state = self._browser.run(
            f"""
            const context = new AudioContext({{ sampleRate: {rate_hz}, latencyHint: "playback" }});
            await context.audioWorklet.addModule({self._worklet});
            const tap = new AudioWorkletNode(context, "capture", {{ channelCountMode: "explicit", channelCount: 2 }});
            window.heard = [];
            tap.port.onmessage = (event) => window.heard.push(event.data);
            window.tapContext = context;
            context.createMediaElementSource(document.querySelector("audio")).connect(tap);
            tap.connect(context.destination);
            await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 3000))]);
            return context.state;
            """
        )
        assert state == "running", (
            f"{self._browser.name}: the ear is {state}: no sound device, or no leave to sound"
        )

    def forget(self) -> None:
        """Throw away what was heard so far."""
        self._browser.run("window.heard = []; return 0;")

    def heard(self) -> np.ndarray:
        """The left channel since `start` or `forget`."""
        text = self._browser.run(
            """
            const reader = new FileReader();
            reader.readAsDataURL(new Blob(window.heard));
            await new Promise((done) => { reader.onload = done; });
            return reader.result.split(",")[1] ?? "";
            """
        )
        return np.frombuffer(base64.b64decode(str(text)), "<f4")


def place_in(sound: np.ndarray, known: np.ndarray) -> tuple[float, float]:
    """Where in `sound` the `known` stretch is, to a fraction of a sample, and how alike they are (0 to 1)."""
    assert len(sound) > len(known), f"only {len(sound)} samples were heard, {len(known)} are looked for"
    products = correlate(sound.astype(np.float64), known.astype(np.float64), mode="valid", method="fft")
    energy = np.cumsum(np.concatenate(([0.0], sound.astype(np.float64) ** 2)))
    energies = np.maximum(energy[len(known) :] - energy[: -len(known)], 1e-9)
    likeness = products / np.sqrt(energies * np.sum(known.astype(np.float64) ** 2))
    best = int(np.argmax(likeness))
    if not 0 < best < len(likeness) - 1:
        return float(best), float(likeness[best])
    before, at, after = likeness[best - 1 : best + 2]
    return best + 0.5 * (before - after) / (before - 2 * at + after), float(at)


def place_near(
    sound: np.ndarray, known: np.ndarray, expected: float, *, within: int = 6_000
) -> tuple[float, float]:
    """The same, looked for around an expected place only."""
    first = max(0, int(expected) - within)
    place, likeness = place_in(sound[first : int(expected) + len(known) + within], known)
    return first + place, likeness


def first_sound(sound: np.ndarray, *, after_silence: int = 4_096) -> int:
    """The first sample that sounds after so many silent ones: where playing began again."""
    loud = np.flatnonzero(np.abs(sound) > 1e-9)  # an AAC frame may fade in from almost nothing
    gaps = np.diff(np.concatenate(([-1], loud)))
    begins = loud[gaps > after_silence]
    assert begins.size, "no silence followed by sound was heard"
    return int(begins[0])
