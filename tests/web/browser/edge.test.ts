import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { EdgeStream, isElsewhere, type Plan } from "../../../src/alpheus/web/browser/edge";
import { strategy as ladder } from "../../../src/alpheus/web/browser/strategies/ladder";
import { Refused, Unreachable } from "../../../src/alpheus/web/browser/trouble";
import type { Want } from "../../../src/alpheus/web/browser/wire";

type Body = { sequence: number; grants: string[]; want: Want[]; at: unknown; closing: boolean; describe?: string[] };
type Reply = Response | "lost" | "silent";

const KEY = Buffer.alloc(16, 1).toString("base64");
const track = (init = true) => ({
  recording: "r", rendition: "aac-128", mime: "audio/mp4", rate_hz: 44_100, samples: 1_000_000, delay_samples: 1024,
  segment_samples: 176_128, segments: 6, window: [0, 1_000_000], ...(init ? { init: "AAAA" } : {}),
});
const rung = (segment: number) => ({ grant: "g", rendition: "aac-128", segment, url: `/s/${segment}`, key: KEY, iv: KEY });

function answer(sequence: number, segments: number[], more: object = {}): Response {
  const body = { sequence, epoch: 1, strategy: "ladder", tracks: { g: track() }, released: segments.map(rung), refused: [], gate: {}, ...more };
  return new Response(JSON.stringify(body), { status: 200 });
}

const problem = (status: number, code: string, more: object = {}): Response =>
  new Response(JSON.stringify({ code, status, ...more }), { status });

/** A stream whose edge answers as told, one reply a POST. */
function streamWith(replies: ((body: Body) => Reply)[], want: () => Want[] = () => [{ grant: "g", rendition: "aac-128", segment: 0 }]) {
  const bodies: Body[] = [];
  const troubles: unknown[] = [];
  const renewed: (readonly string[])[] = [];
  const plan = (): Plan => ({ at: null, want: want(), aheadSeconds: 20, moving: false });
  const stream = new EdgeStream({
    url: "http://edge", stream: "s", strategy: () => Promise.resolve(ladder), plan,
    onTrouble: (error) => void troubles.push(error),
    renew: (grants) => {
      renewed.push(grants);
      for (const grant of grants) stream.admit(grant, `renewed-${renewed.length}`);
      return Promise.resolve();
    },
    wait: () => Promise.resolve(),
    fetch: ((_: string, init: RequestInit) => {
      const body = JSON.parse(init.body as string) as Body;
      bodies.push(body);
      const reply = (replies.shift() ?? (() => answer(body.sequence, [])))(body);
      if (reply === "silent") return new Promise((_, reject) => init.signal!.addEventListener("abort", () => reject(init.signal!.reason)));
      return reply === "lost" ? Promise.reject(new TypeError("network")) : Promise.resolve(reply);
    }) as typeof fetch,
  });
  stream.admit("g", "token");
  return { stream, bodies, troubles, renewed };
}

const first: Want = { grant: "g", rendition: "aac-128", segment: 0 };

test("a segment is asked for with its grant, and comes with its key", async () => {
  const { stream, bodies } = streamWith([() => answer(1, [0, 1])]);
  const release = await stream.take(first);
  assert.equal(stream.address(release), "http://edge/s/0");
  assert.equal(release.key.length, 16);
  assert.deepEqual(bodies[0]?.grants, ["token"]);
  assert.equal((await stream.take({ ...first, segment: 1 })).url, "/s/1");
  assert.equal(bodies.length, 1, "what was released needs no question");
  stream.close();
});

test("a lost POST goes again unchanged, and all grants with the one after it", async () => {
  const { stream, bodies, troubles } = streamWith([
    () => answer(1, [0]), () => "lost", () => problem(503, "starting"), () => answer(2, []), () => answer(3, [1]),
  ]);
  await stream.take(first);
  await stream.take({ ...first, segment: 1 });
  assert.deepEqual(bodies.map((body) => body.sequence), [0, 1, 1, 1, 2]);
  assert.deepEqual(bodies[1], bodies[3]);
  assert.deepEqual(bodies[3]?.grants, []);
  assert.deepEqual(bodies[4]?.grants, ["token"]);
  assert.ok(troubles.at(-1) === null, "and then all is well");
  stream.close();
});

test("an expired grant is renewed and the question asked again", async () => {
  const { stream, bodies, renewed } = streamWith([() => problem(410, "grant_expired"), () => answer(2, [0])]);
  await stream.take(first);
  assert.deepEqual(renewed, [["g"]]);
  assert.deepEqual(bodies[1]?.grants, ["renewed-1"]);
  stream.close();
});

test("one expired grant among others is renewed alone", async () => {
  const expired = { refused: [{ grant: "g", code: "grant_expired", detail: "" }] };
  const { stream, renewed } = streamWith([() => answer(1, [], expired), () => answer(2, [0])]);
  await stream.take(first);
  assert.deepEqual(renewed, [["g"]]);
  stream.close();
});

test("a cancelled grant ends the stream, with its reason", async () => {
  const { stream } = streamWith([() => problem(410, "grant_cancelled")]);
  await assert.rejects(stream.take(first), (error) => error instanceof Refused && error.code === "grant_cancelled");
  assert.equal(stream.closed, true);
  await assert.rejects(stream.take(first), Refused);
});

test("a refusal of one grant leaves the others waiting", async () => {
  const refused = { refused: [{ grant: "g", code: "grant_cancelled", detail: "gone" }] };
  const { stream } = streamWith([() => answer(1, [], refused)]);
  await assert.rejects(stream.take(first), /gone/);
  assert.equal(stream.closed, false);
  stream.close();
});

test("a shut gate is waited for", async () => {
  const { stream, bodies, troubles } = streamWith([() => problem(429, "over_budget", { wait_seconds: 0.02 }), () => answer(2, [0])]);
  await stream.take(first);
  assert.equal(bodies.length, 2);
  assert.ok(troubles.some((trouble) => trouble instanceof Refused && trouble.code === "over_budget"));
  stream.close();
});

test("who stops while the gate is shut is reported at once, and what is waited for is not asked for sooner", async () => {
  const { stream, bodies } = streamWith([() => problem(429, "over_budget", { wait_seconds: 0.3 }), (body) => answer(body.sequence, []), () => answer(3, [0])]);
  const waiting = stream.take(first);
  await new Promise((resolve) => setTimeout(resolve, 20));
  stream.report();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(bodies.map(({ want }) => want.length), [1, 0]);
  await waiting;
  assert.deepEqual(bodies.map(({ want }) => want.length), [1, 0, 1]);
  stream.close();
});

test("a description that never arrived is asked for", async () => {
  const bare = { tracks: { g: track(false) } };
  const { stream, bodies } = streamWith([() => answer(1, [0], bare), () => answer(2, [0])]);
  const described = await stream.described("g");
  assert.equal(described.segments, 6);
  assert.deepEqual(bodies[1]?.describe, ["g"]);
  stream.close();
});

test("the first batch that web fetched needs no POST", async () => {
  const { stream, bodies } = streamWith([]);
  await stream.begin(await answer(1, [0, 1, 2]).json(), ["g"]);
  await stream.take({ ...first, segment: 2 });
  assert.equal(bodies.length, 0);
  stream.report();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([bodies[0]?.sequence, bodies[0]?.grants], [2, []]);
  stream.close();
});

test("closing says so, and gives up what was waited for", async () => {
  const { stream, bodies } = streamWith([(body) => answer(body.sequence, [])]);
  const waiting = assert.rejects(stream.take({ ...first, segment: 5 }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  stream.close();
  await waiting;
  assert.equal(bodies.at(-1)?.closing, true);
  assert.deepEqual(bodies.at(-1)?.want, []);
});

test("an edge that refuses to go on is told what was heard, once; one that does not answer is not asked again", async () => {
  for (const code of ["grant_cancelled", "account_moved"]) {
    const { stream, bodies } = streamWith([() => answer(0, [0]), () => problem(410, code)]);
    await stream.take(first);
    await assert.rejects(stream.take({ ...first, segment: 1 }), Refused);
    assert.ok(stream.closed && bodies.length === 2, "it waits for the word that ends the music");
    stream.close();
    stream.close();
    assert.deepEqual(bodies.slice(2).map(({ sequence, closing }) => [sequence, closing]), [[2, true]]);
  }
  const { stream, bodies } = streamWith(Array.from({ length: 3 }, () => () => "lost" as const));
  await assert.rejects(stream.take(first), Unreachable);
  stream.close();
  assert.equal(bodies.length, 3);
});

test("grants that are behind are forgotten with all that belongs to them", async () => {
  const { stream, bodies } = streamWith([() => answer(1, [0])]);
  await stream.take(first);
  stream.keepOnly(new Set());
  assert.equal(stream.track("g"), null);
  assert.equal(stream.holds("g", "aac-128", 0), false);
  stream.report();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(bodies.at(-1)?.grants, []);
  stream.close();
});

test("an edge that was restarted is shown all grants again, under its own sequence", async () => {
  const { stream, bodies } = streamWith([
    () => answer(1, [0]), () => problem(410, "grant_unknown"), () => problem(409, "sequence_stale", { sequence: 41 }),
    () => answer(42, [1]),
  ]);
  await stream.take(first);
  await stream.take({ ...first, segment: 1 });
  assert.deepEqual(bodies.map((body) => body.sequence), [0, 1, 2, 42]);
  assert.deepEqual(bodies.map((body) => body.grants), [["token"], [], ["token"], ["token"]]);
  stream.close();
});

test("an edge that refuses all the same is believed", async () => {
  const { stream, bodies } = streamWith(Array.from({ length: 9 }, () => () => problem(410, "grant_unknown")));
  await assert.rejects(stream.take(first), (error) => error instanceof Refused && error.code === "grant_unknown");
  assert.equal(bodies.length, 4);
});

test("an answer that breaks off is lost like one that never came", async () => {
  const cut = (): Response =>
    new Response(new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"sequence": 0, "rel'));
        controller.error(new TypeError("network"));
      },
    }));
  const { stream, bodies } = streamWith([cut, () => answer(0, [0])]);
  await stream.take(first);
  assert.deepEqual(bodies[0], bodies[1]);
  assert.equal(stream.closed, false);
  stream.close();
});

test("the closing beacon is no repetition of the POST that is under way", async () => {
  const { stream, bodies } = streamWith([() => answer(0, [])]);
  void stream.take(first).catch(() => undefined);
  stream.close();
  assert.deepEqual(bodies.map(({ sequence, closing }) => [sequence, closing]), [[0, false], [1, true]]);
});

test("an edge that answers nothing is given up, and says where another may go on", async () => {
  const { stream, bodies } = streamWith([() => answer(0, [0]), () => problem(429, "over_budget", { wait_seconds: 0.001 }), ...Array.from({ length: 3 }, () => () => "lost" as const)]);
  await stream.take(first);
  await assert.rejects(stream.take({ ...first, segment: 1 }), Unreachable);
  assert.deepEqual(bodies.map((body) => body.sequence), [0, 1, 2, 2, 2]);
  assert.equal(stream.closed, true);
  const { answered, next } = stream.from;
  assert.deepEqual({ answered, next }, { answered: 0, next: 4 }, "past what may have arrived, and past a beacon");
});

test("a proxy's page in front of an edge that is gone is no answer either", async () => {
  const { stream } = streamWith(Array.from({ length: 3 }, () => () => new Response("<html>", { status: 502 })));
  await assert.rejects(stream.take(first), Unreachable);
});

test("an edge that has trouble of its own is not given up", async () => {
  const { stream, bodies } = streamWith([...Array.from({ length: 6 }, () => () => problem(503, "key_log_unavailable")), () => answer(0, [0])]);
  await stream.take(first);
  assert.equal(bodies.length, 7);
  stream.close();
});

test("a stream that moved goes on after what the edge before answered", async () => {
  const bodies: Body[] = [];
  const stream = new EdgeStream({
    url: "http://other", stream: "s", from: { answered: 6, next: 9, begun: new Set(["old"]) }, strategy: () => Promise.resolve(ladder),
    plan: () => ({ at: null, want: [first], aheadSeconds: 8, moving: true }), onTrouble: () => undefined, renew: () => Promise.resolve(),
    fetch: ((_: string, init: RequestInit) => {
      bodies.push(JSON.parse(init.body as string) as Body);
      return Promise.resolve(answer(9, [0]));
    }) as typeof fetch,
  });
  assert.deepEqual([stream.from.answered, stream.from.next], [6, 11]);
  assert.equal(stream.named("g", "old"), "old", "nothing was released under the new grant: what sounds is known by the one before");
  assert.equal(stream.named("g", "of another stream"), "g");
  await stream.take(first);
  assert.equal(stream.named("g", "old"), "g");
  assert.equal(stream.named(undefined, "old"), "old", "also when it was taken back");
  assert.deepEqual([...stream.from.begun], ["old", "g"]);
  assert.deepEqual([bodies[0]?.sequence, stream.from.answered], [9, 9]);
  stream.close();
});

test("an account that moved ends the stream, whole or in part", async () => {
  for (const reply of [() => problem(410, "account_moved"), () => answer(0, [], { refused: [{ grant: "g", code: "account_moved" }] })]) {
    const { stream } = streamWith([reply]);
    await assert.rejects(stream.take(first), (error) => isElsewhere(error));
    assert.equal(stream.closed, true);
  }
});

test("an edge in doubt that answers no POST either is given up soon, with all that was to come from it", async () => {
  const { stream, bodies, troubles } = streamWith([() => answer(1, [0]), () => "silent"]);
  await stream.take(first);
  await new Promise((resolve) => setTimeout(resolve, 5));
  mock.timers.enable({ apis: ["setTimeout"] });
  stream.doubt();
  stream.doubt();
  mock.timers.tick(1_900);
  assert.equal(stream.closed, false);
  mock.timers.tick(200);
  mock.timers.reset();
  assert.ok(stream.closed && stream.lost.aborted && isElsewhere(troubles.at(-1)));
  assert.equal(bodies.length, 2, "one question");
});

test("an edge in doubt that answers is believed, whatever its answer is", async () => {
  for (const reply of [(body: Body) => answer(body.sequence, []), () => problem(429, "over_budget", { wait_seconds: 1 })]) {
    const { stream, bodies } = streamWith([() => answer(1, [0]), reply]);
    await stream.take(first);
    await new Promise((resolve) => setTimeout(resolve, 5));
    mock.timers.enable({ apis: ["setTimeout"] });
    stream.doubt();
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    assert.equal(bodies.length, 2);
    mock.timers.tick(2_100);
    mock.timers.reset();
    assert.ok(!stream.closed && !stream.lost.aborted);
    stream.close();
  }
});
