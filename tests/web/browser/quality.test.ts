import assert from "node:assert/strict";
import { test } from "node:test";
import { isNarrow, renditionFor } from "../../../src/alpheus/web/browser/quality";

test("who chose a rendition gets it, whatever the network is", () => {
  for (const chosen of ["aac-256", "flac"]) assert.equal(renditionFor(chosen, { saveData: true, effectiveType: "2g" }, true), chosen);
});

test("the small one is asked for where data is dear or the network narrow", () => {
  assert.equal(renditionFor("auto", {}), "aac-128");
  assert.equal(renditionFor("auto", { effectiveType: "4g" }), "aac-128");
  assert.equal(renditionFor("auto", { saveData: true, effectiveType: "4g" }), "aac-64");
  assert.equal(renditionFor("auto", { effectiveType: "3g" }), "aac-64");
  assert.equal(renditionFor("auto", {}, true), "aac-64");
});

test("a network is narrow until the small rendition comes so easily that the good one would come easily too", () => {
  assert.equal(isNarrow(false, 0.4), false);
  assert.equal(isNarrow(false, 0.6), true);
  assert.equal(isNarrow(true, 0.3), true, "twice as much would take 0.6 of its time");
  assert.equal(isNarrow(true, 0.1), false);
  // Whoever came back is not sent away again by the same network.
  for (let part = 0.01; part < 0.15; part += 0.01) assert.equal(isNarrow(isNarrow(true, part), 2 * part), false);
});
