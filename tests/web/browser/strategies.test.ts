/** One suite for every strategy that the player knows. The edge writes the answers (tests/edge/strategies/test_in_the_player.py). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64 } from "../../../src/alpheus/web/browser/bytes";
import { EdgeStream, type Plan } from "../../../src/alpheus/web/browser/edge";
import type { Tools } from "../../../src/alpheus/web/browser/strategies/contract";
import { known, load } from "../../../src/alpheus/web/browser/strategies/load";
import type { BatchAnswer, Want } from "../../../src/alpheus/web/browser/wire";

interface Vector {
  readonly stream: string;
  readonly answer: BatchAnswer;
  /** what a player must read: keys in hexadecimal digits */
  readonly releases: readonly { grant: string; rendition: string; segment: number; url: string; key: string; iv: string }[];
}

const file = process.env["ALPHEUS_STRATEGY_VECTORS"];
const vectors: readonly Vector[] = file ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]) : [];
const skip = file ? false : "the edge wrote no answers";
/** Strategies whose keys are wrapped for one stream; the contract does not ask for it. */
const BOUND = new Set(["braid", "tide"]);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

async function read({ answer, stream }: Vector, subtle: SubtleCrypto | undefined, name = answer.strategy): Promise<unknown[]> {
  const tools: Tools = { fromBase64, stream, subtle };
  const releases = await (await load(name)).read(answer, tools);
  return releases.map((release) => ({ ...release, key: hex(release.key), iv: hex(release.iv) }));
}

for (const [name, loader] of Object.entries(known)) {
  test(`${name} is called what it is asked for by`, async () => {
    assert.equal((await loader()).strategy.name, name);
    assert.equal((await load(name)).name, name);
  });

  for (const [place, subtle] of [["https", crypto.subtle], ["plain http", undefined]] as const)
    test(`${name} reads all that an edge writes, on ${place}`, { skip }, async () => {
      const mine = vectors.filter((vector) => vector.answer.strategy === name);
      assert.ok(mine.length >= 5, "the edge knows it too");
      for (const vector of mine) assert.deepEqual(await read(vector, subtle), vector.releases);
    });

  test(`${name} reads nothing of another strategy`, { skip }, async () => {
    for (const vector of vectors.filter((other) => other.answer.strategy !== name && other.releases.length > 0))
      await assert.rejects(read(vector, crypto.subtle, name));
  });

  if (BOUND.has(name)) test(`${name} reads no key of another stream`, { skip }, async () => {
    for (const vector of vectors.filter((it) => it.answer.strategy === name && it.releases.length > 0)) {
      const keys = vector.releases.map((release) => release.key);
      const found = await read({ ...vector, stream: "0".repeat(32) }, crypto.subtle).catch(() => []);
      for (const release of found as { key: string }[]) assert.ok(!keys.includes(release.key));
    }
  });
}

test("all that the edge knows is known here", { skip }, () => {
  assert.deepEqual(new Set(vectors.map((vector) => vector.answer.strategy)), new Set(Object.keys(known)));
});

test("an unknown strategy asks for a newer page", async () => {
  await assert.rejects(load("nonesuch"), /load it again/);
  await assert.rejects(load("toString"), /load it again/);
});

test("a stream goes over from one strategy to the next, and back", { skip }, async () => {
  const stream = vectors[0]!.stream;
  const told = Object.keys(known).flatMap((name) => vectors.filter((it) => it.answer.strategy === name && it.stream === stream && it.releases.length > 0));
  let at = 0;
  const wants = (): Want[] => told[at]?.releases.slice() ?? [];
  const player = new EdgeStream({
    url: "http://edge", stream: stream.replace(/^(.{8})/, "$1-").toUpperCase(), strategy: load,
    plan: (): Plan => ({ at: null, want: wants(), aheadSeconds: 20, moving: false }),
    onTrouble: (error) => assert.equal(error, null),
    renew: () => Promise.reject(new Error("nothing expired")),
    fetch: (() => Promise.resolve(Response.json({ ...told[at]!.answer, tracks: described(told[at]!) }))) as unknown as typeof fetch,
  });
  for (at = 0; at < told.length; at++)
    for (const release of told[at]!.releases) {
      const got = await player.take(release);
      assert.deepEqual([got.url, hex(got.key), hex(got.iv)], [release.url, release.key, release.iv]);
      player.forget(got);
    }
  assert.ok(new Set(told.map((vector) => vector.answer.strategy)).size === Object.keys(known).length);
  at = 0; // for the closing beacon
  player.close();
});

function described({ releases }: Vector): object {
  return Object.fromEntries(releases.map(({ grant, rendition }) => [grant, {
    recording: "r", rendition, mime: "audio/mp4", rate_hz: 44_100, samples: 1, delay_samples: 0,
    segment_samples: 1, segments: 1, window: [0, 1], init: "AAAA",
  }]));
}
