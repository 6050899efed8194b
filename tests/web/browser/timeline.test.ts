import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BASE_SECONDS, filledUntil, placed, sampleAt, segmentOf, segmentsOf, setupFor, soundingAt, timeOf, type Track,
} from "../../../src/alpheus/web/browser/timeline";

const track = (samples: number, changes: Partial<Track> = {}): Track => ({
  grant: "g", recording: "r", rendition: "aac-128", mime: "audio/mp4", rateHz: 44_100, samples, delaySamples: 1024,
  segmentSamples: 176_128, segments: Math.ceil((samples + 1024) / 176_128), init: new Uint8Array(0), window: [0, samples],
  ...changes,
});

test("tracks of odd lengths join without a sample between them", () => {
  let before = placed(track(1_000_003), "0", null);
  assert.equal(before.start, BASE_SECONDS);
  let total = 1_000_003;
  for (const samples of [777_777, 44_101, 2_000_001, 176_127, 9_999_991]) {
    const next = placed(track(samples), "1", before);
    assert.equal(next.start, before.end);
    assert.ok(Math.abs(next.start - (BASE_SECONDS + total / 44_100)) * 44_100 < 1e-4);
    total += samples;
    before = next;
  }
});

test("windows of neighbours meet exactly, a quarter sample late, and offsets bring the delay back", () => {
  const first = placed(track(1_000_003), "0", null);
  const second = placed(track(777_777), "1", first);
  assert.equal(setupFor(first).windowEnd, setupFor(second).windowStart);
  const { timestampOffset, windowStart } = setupFor(first);
  assert.ok(Math.abs((windowStart - timestampOffset) * 44_100 - 1024) < 1e-6);
  assert.ok(Math.abs((windowStart - BASE_SECONDS) * 44_100 - 0.25) < 1e-6);
  assert.ok(timestampOffset > 0, "a negative offset would be truncated the other way");
});

test("a change of rate keeps seconds, not samples", () => {
  const first = placed(track(441_000), "0", null);
  const second = placed(track(480_000, { rateHz: 48_000, segmentSamples: 192_512 }), "1", first);
  assert.ok(Math.abs(second.start - 11) < 1e-12);
  assert.ok(Math.abs(second.end - 21) < 1e-12);
});

test("a preview from the middle starts at its window", () => {
  const preview = placed(track(9_000_000, { window: [176_128, 1_500_000] }), "0", null);
  assert.ok(Math.abs(preview.start - (BASE_SECONDS + 176_128 / 44_100)) < 1e-9);
  assert.equal(sampleAt(preview, preview.start), 176_128);
  assert.equal(sampleAt(preview, 0), 176_128);
  assert.deepEqual(segmentsOf(preview.track), [1, 8]);
  const follower = placed(track(100_000, { window: [50_000, 60_000] }), "1", preview);
  assert.equal(follower.start, preview.end);
});

test("samples and times are each other's inverse", () => {
  const placement = placed(track(1_000_003), "0", placed(track(777_777), "0", null));
  for (const sample of [0, 1, 44_100, 176_127, 999_999]) assert.equal(sampleAt(placement, timeOf(placement, sample)), sample);
  assert.equal(timeOf(placement, -5), timeOf(placement, 0));
  const { windowStart } = setupFor(placement);
  assert.ok(timeOf(placement, 0) > windowStart + 2e-6, "inside its first sample, whatever is cut to microseconds");
  assert.ok(timeOf(placement, 2_000_000) < placement.end);
});

test("a sample's segment counts the encoder's delay", () => {
  const long = track(1_000_000);
  const table: [number, number][] = [[0, 0], [176_128 - 1025, 0], [176_128 - 1024, 1], [352_256 - 1024, 2], [5_000_000, 5]];
  for (const [sample, segment] of table) assert.equal(segmentOf(long, sample), segment, String(sample));
  assert.equal(segmentOf(track(1_000_000, { delaySamples: 0 }), 176_128), 1);
});

test("what is filled ends with the track", () => {
  const placement = placed(track(200_000), "0", null);
  assert.ok(Math.abs(filledUntil(placement, 0) - (1 + (176_128 - 1024) / 44_100)) < 1e-9);
  assert.equal(filledUntil(placement, 1), placement.end);
});

test("what sounds is the last that began", () => {
  const first = placed(track(441_000), "0", null);
  const second = placed(track(441_000), "1", first);
  assert.equal(soundingAt([first, second], 0), first);
  assert.equal(soundingAt([first, second], 10.9), first);
  assert.equal(soundingAt([first, second], 11), second);
  assert.equal(soundingAt([], 3), null);
});
