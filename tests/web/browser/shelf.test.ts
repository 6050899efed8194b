/** What the service worker may keep, and what goes when it is full. */
import { test } from "node:test";
import assert from "node:assert/strict";
import { isShelved, leaving, mayKeep, SHELF_BYTES, SHELVED_UNDER } from "../../../src/alpheus/web/browser/shelf";

const HOME = "https://music.example";
const COVER = `/cover/${"0a".repeat(32)}/600.webp`;
const shelved = (address: string): boolean => isShelved(new URL(address, HOME), HOME);

test("the app's own files under names that never change, and covers", () => {
  for (const address of [
    "/static/built/main.0123456789ab.js", "/static/built/chunks/tide-ZEDCKS27.js", "/static/built/app.0123456789ab.css",
    "/static/built/fonts/newsreader-ABCDEFGH.woff2", "/static/built/icons.0123456789ab.svg", COVER,
  ]) {
    assert.ok(shelved(address), address);
    assert.ok(SHELVED_UNDER.some((folder) => address.startsWith(folder)), "the worker is asked about it");
  }
});

test("nothing else: no page, no API, no name that may change, nothing of an edge's", () => {
  for (const address of [
    "/", "/release/x", "/api/v1/session", "/s/AbCdEf", "/edge/s/AbCdEf?t=1", "/static/built/main.js", "/sw.js", "/offline",
    `${COVER}?x=1`, "/cover/short/600.webp", `/cover/${"0a".repeat(32)}/600.mp4`, "/static/built/a.0123456789ab.mp4",
    `https://edge.music.example${COVER}`, `http://music.example:8001${COVER}`, "https://edge.example/static/built/main.0123456789ab.js",
  ]) assert.ok(!shelved(address), address);
});

test("by what it is, too: no sound under a picture's name, nothing that failed", () => {
  for (const type of ["image/webp", "text/css; charset=utf-8", "text/javascript", "font/woff2", "text/html; charset=utf-8"])
    assert.ok(mayKeep(200, type), type);
  for (const type of ["audio/mp4", "video/mp4", "application/octet-stream", "", "application/json"]) assert.ok(!mayKeep(200, type), type);
  for (const status of [0, 206, 304, 404, 500]) assert.ok(!mayKeep(status, "image/webp"));
});

test("the oldest go first, only as many as must, and never what the page without network needs", () => {
  const kept = [4, 3, 2, 1].map((bytes, place) => ({ address: `/${place}`, bytes }));
  const gone = (bytes: number, pinned: string[] = []): string[] | undefined =>
    leaving(kept, bytes, new Set(pinned), 10)?.map((it) => it.address);
  assert.deepEqual(gone(0), []);
  assert.deepEqual(gone(1), ["/0"]);
  assert.deepEqual(gone(5), ["/0", "/1"]);
  assert.deepEqual(gone(1, ["/0"]), ["/1"]);
  assert.deepEqual(gone(10), ["/0", "/1", "/2", "/3"]);
  assert.equal(gone(11), undefined, "what is larger than the shelf is not kept");
  assert.equal(gone(7, ["/0"]), undefined, "nor what would push out the pinned");
});

test("whatever comes, the sum stays within 8 MB and the newest is there", () => {
  let kept: { address: string; bytes: number }[] = [];
  for (let number = 0; number < 500; number++) {
    const bytes = (number * 7919) % 400_000;
    const gone = new Set(leaving(kept, bytes, new Set(["/0"])));
    kept = [...kept.filter((it) => !gone.has(it)), { address: `/${number}`, bytes }];
    assert.ok(kept.reduce((sum, it) => sum + it.bytes, 0) <= SHELF_BYTES);
    assert.equal(kept.at(-1)!.address, `/${number}`);
    assert.equal(kept[0]!.address, "/0");
  }
});
