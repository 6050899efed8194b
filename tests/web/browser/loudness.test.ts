import assert from "node:assert/strict";
import { test } from "node:test";
import { basisOf, elementVolume, gainDb } from "../../../src/alpheus/web/browser/loudness";

const loudness = (track_lufs: number | null, track_peak_dbtp: number | null, album_lufs: number | null = null, album_peak_dbtp: number | null = null) =>
  ({ track_lufs, track_peak_dbtp, album_lufs, album_peak_dbtp });

test("gain brings a piece to -14 LUFS without clipping", () => {
  const table: [string, ReturnType<typeof loudness> | null, "track" | "album", number][] = [
    ["loud is turned down", loudness(-8, 0.5), "track", -6],
    ["quiet is turned up", loudness(-20, -12), "track", 6],
    ["but only as far as its peak allows", loudness(-20, -3), "track", 2],
    ["never when it peaks above the ceiling", loudness(-20, -0.2), "track", 0],
    ["an album's measure counts for its pieces", loudness(-20, -12, -10, -1), "album", -4],
    ["and falls back on the track's", loudness(-10, -1), "album", -4],
    ["without a measure nothing changes", null, "track", 0],
    ["nor for digital silence", loudness(-Infinity, -Infinity), "track", 0],
    ["without a peak nothing is turned up", loudness(-20, null), "track", 0],
  ];
  for (const [name, given, basis, expected] of table) assert.ok(Math.abs(gainDb(given, basis) - expected) < 1e-9, name);
});

test("album loudness holds between neighbours of one release", () => {
  assert.equal(basisOf("r", "r", null), "album");
  assert.equal(basisOf("r", "x", "r"), "album");
  assert.equal(basisOf("r", "x", "y"), "track");
  assert.equal(basisOf(null, null, null), "track");
});

test("the element is never asked for more than full", () => {
  assert.equal(elementVolume(1, 6), 1);
  assert.ok(Math.abs(elementVolume(0.5, 6) - 0.9976) < 1e-3);
  assert.ok(Math.abs(elementVolume(1, -6) - 0.5012) < 1e-3);
  assert.equal(elementVolume(0, 6), 0);
});
