/** Where each recording lies on the element's one long timeline. Pure arithmetic; FORMAT: gapless recipe.
 *
 * Times are seconds on the media element, samples are counted within a recording. A recording's sample 0 lies at
 * `origin`; what may be heard of it is `window`, so a preview in the middle of a piece starts later than its origin.
 */

/** The first recording starts here, not at 0: a negative timestampOffset would be truncated the other way. */
export const BASE_SECONDS = 1;

/** Set as the media's duration, so that seeks beyond the buffer are not clamped to what is buffered. */
export const DURATION_SECONDS = 86_400;

/** Samples lie a quarter of one late (see `setupFor`), and browsers cut times to microseconds: the time that names a
 * sample lies inside it, or Firefox lands on the one before. */
const INSIDE_SAMPLES = 0.4;

/** One rendition as the loop needs it. */
export interface Track {
  readonly grant: string;
  readonly recording: string;
  readonly rendition: string;
  readonly mime: string;
  readonly rateHz: number;
  readonly samples: number;
  readonly delaySamples: number;
  readonly segmentSamples: number;
  readonly segments: number;
  readonly init: Uint8Array<ArrayBuffer>;
  readonly window: readonly [number, number];
}

/** A track on the timeline. `place` says which entry of the queue it is. */
export interface Placement {
  readonly track: Track;
  readonly place: string;
  readonly origin: number;
  readonly start: number;
  readonly end: number;
}

/** What a SourceBuffer must be told before the track's first segment; all in seconds. */
export interface Setup {
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly timestampOffset: number;
}

/** Put a track after `previous`, or at the timeline's start. */
export function placed(track: Track, place: string, previous: Placement | null): Placement {
  const origin = previous
    ? previous.end - track.window[0] / track.rateHz
    : BASE_SECONDS;
  return {
    track,
    place,
    origin,
    start: origin + track.window[0] / track.rateHz,
    end: origin + track.window[1] / track.rateHz,
  };
}

/** Window and offset for a placement. The quarter sample is for Firefox, which truncates offsets to whole samples. */
export function setupFor({ track, origin, start, end }: Placement): Setup {
  const quarter = 0.25 / track.rateHz;
  return {
    windowStart: start + quarter,
    windowEnd: end + quarter,
    timestampOffset: origin - track.delaySamples / track.rateHz + quarter,
  };
}

/** The sample under a time of the element, held within what may be heard. */
export function sampleAt(placement: Placement, time: number): number {
  const { track, origin } = placement;
  const sample = Math.round((time - origin) * track.rateHz);
  return Math.min(Math.max(sample, track.window[0]), track.window[1]);
}

/** The element's time to seek to for a sample, held within what may be heard. */
export function timeOf(placement: Placement, sample: number): number {
  const { track, origin } = placement;
  const within = Math.min(Math.max(sample, track.window[0]), track.window[1] - 1);
  return origin + (within + INSIDE_SAMPLES) / track.rateHz;
}

/** Which segment holds a sample: encoder delay comes first in the stream. */
export function segmentOf(track: Track, sample: number): number {
  const segment = Math.floor((sample + track.delaySamples) / track.segmentSamples);
  return Math.min(Math.max(segment, 0), track.segments - 1);
}

/** First and last segment that hold anything of the window. */
export function segmentsOf(track: Track): readonly [number, number] {
  return [segmentOf(track, track.window[0]), segmentOf(track, track.window[1] - 1)];
}

/** Until which time of the element a placement is filled once this segment is appended. */
export function filledUntil(placement: Placement, segment: number): number {
  const { track, origin, end } = placement;
  return Math.min(end, origin + ((segment + 1) * track.segmentSamples - track.delaySamples) / track.rateHz);
}

/** The placement that sounds at a time: the last that has begun. */
export function soundingAt(placements: readonly Placement[], time: number): Placement | null {
  let found: Placement | null = placements[0] ?? null;
  for (const placement of placements) if (placement.start <= time + 0.001) found = placement;
  return found;
}
