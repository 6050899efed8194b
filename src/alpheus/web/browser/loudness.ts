/** How loud a piece is played: to -14 LUFS, by track or album, never into clipping. Pure.
 *
 * The gain is applied through the element's own volume, which only turns down. Turning up a quiet piece uses what the
 * listener's volume leaves below full; beyond that it stays quieter than the target. A GainNode could do more, but it
 * takes the sound out of the element for good: phones then stop it with the screen, and its rate is resampled.
 */
import type { LoudnessWire } from "./wire";

/** The target of most streaming services, and ours. */
export const TARGET_LUFS = -14;

/** Lossy decoding overshoots the measured true peak by some tenths of a dB: leave a decibel (EBU R 128). */
export const CEILING_DBTP = -1;

/** Which of a recording's two measures counts. */
export type Basis = "track" | "album";

/** Album loudness keeps a quiet piece quiet between its neighbours; it holds while a neighbour is of the same release. */
export function basisOf(release: string | null, before: string | null, after: string | null): Basis {
  return release !== null && (release === before || release === after) ? "album" : "track";
}

/** How a device brings pieces to one loudness: albums whole and else each piece, always one of them, or not at all. */
export type Leveling = "auto" | Basis | "off";

/** The measure that counts for a setting; null when pieces sound as they were made. */
export function basisFor(leveling: Leveling, release: string | null, before: string | null, after: string | null): Basis | null {
  if (leveling === "off") return null;
  return leveling === "auto" ? basisOf(release, before, after) : leveling;
}

/** Gain in dB that brings a piece to the target; never lifts its true peak over the ceiling. 0 when unmeasured. */
export function gainDb(loudness: LoudnessWire | null, basis: Basis): number {
  if (!loudness) return 0;
  const album = basis === "album" && loudness.album_lufs !== null;
  const lufs = album ? loudness.album_lufs : loudness.track_lufs;
  const peak = album ? (loudness.album_peak_dbtp ?? loudness.track_peak_dbtp) : loudness.track_peak_dbtp;
  if (lufs === null || !Number.isFinite(lufs)) return 0;
  const wanted = TARGET_LUFS - lufs;
  if (wanted <= 0) return wanted;
  // Turning up: only as far as the peak allows; a piece that peaks above the ceiling already is left as it is.
  const room = peak === null || !Number.isFinite(peak) ? 0 : Math.max(CEILING_DBTP - peak, 0);
  return Math.min(wanted, room);
}

/** What the element's volume is set to, 0 to 1, for a listener's own volume (0 to 1) and a gain. */
export function elementVolume(volume: number, gain: number): number {
  return Math.min(Math.max(volume * 10 ** (gain / 20), 0), 1);
}
