import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, joined, claimsOf } from "../../../src/alpheus/web/browser/bytes";
import { amount, clock, filled, waveform } from "../../../src/alpheus/web/browser/format";
import { isSynced, lineAt } from "../../../src/alpheus/web/browser/lyrics";
import { backoffMs, fetchBegun, pause, refusalOf, Refused, tellAnswered, troubleOf, Unreachable } from "../../../src/alpheus/web/browser/trouble";

test("durations read as people write them", () => {
  const table: [number, string][] = [
    [0, "0:00"], [5.9, "0:05"], [222, "3:42"], [3729, "1:02:09"], [-143, "\u22122:23"], [-0.4, "0:00"], [NaN, "0:00"],
  ];
  for (const [seconds, text] of table) assert.equal(clock(seconds), text);
});

test("sentences take their values, and show a name that has none", () => {
  assert.equal(filled("{at} of {total}", { at: "1:00", total: "2:00" }), "1:00 of 2:00");
  assert.equal(filled("{missing}", {}), "{missing}");
});

test("amounts have the unit that reads best", () => {
  assert.deepEqual(amount(0, "en"), { value: "0", unit: "byte" });
  assert.deepEqual(amount(1_234, "en"), { value: "1.2", unit: "kilobyte" });
  assert.deepEqual(amount(5_000_000, "en"), { value: "5", unit: "megabyte" });
});

test("a waveform has one stroke a bar and fills its height at the loudest", () => {
  const drawn = waveform(Uint8Array.from({ length: 400 }, (_, at) => at % 128), 100);
  assert.equal(drawn.match(/M/g)?.length, 100);
  assert.ok(drawn.includes("V60"));
  assert.equal(waveform(new Uint8Array(0), 3), "M3 31V33M9 31V33M15 31V33");
});

test("the line that is sung is the last that began", () => {
  const lines = [{ start_ms: 1000, text: "a" }, { start_ms: null, text: "" }, { start_ms: 5000, text: "b" }];
  assert.deepEqual([0, 1000, 4999, 5000, 99_000].map((at) => lineAt(lines, at)), [-1, 0, 0, 2, 2]);
  assert.equal(isSynced(lines), true);
  assert.equal(isSynced([{ start_ms: null, text: "a" }]), false);
});

test("base64 is read in both alphabets", () => {
  assert.deepEqual([...fromBase64("-_8")], [...fromBase64("+/8=")]);
  assert.deepEqual([...joined(Uint8Array.of(1), Uint8Array.of(2, 3))], [1, 2, 3]);
});

test("a token tells its span, its renditions and its window, and none of it does harm unread", () => {
  const token = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`;
  const read = claimsOf(token({ iat: 100, exp: 700, rnd: ["aac-128", 7], win: [5, 9] }));
  assert.deepEqual(read, { lifetimeMs: 600_000, renditions: ["aac-128"], window: [5, 9] });
  assert.equal(claimsOf(token({ iat: 100, exp: 400 })).lifetimeMs, 300_000);
  for (const strange of [token({ exp: 700 }), "nonsense", ""])
    assert.deepEqual(claimsOf(strange), { lifetimeMs: 600_000, renditions: [], window: null });
});

test("every failure has a name", async () => {
  const refused = async (status: number, body: object, headers = {}) =>
    refusalOf(new Response(JSON.stringify(body), { status, headers }));
  assert.equal(troubleOf(new Unreachable(), false, 1).kind, "offline");
  assert.equal(troubleOf(new Unreachable(), true, 1).kind, "unreachable");
  assert.equal(troubleOf(await refused(503, {}), true, 1).kind, "unreachable");
  const busy = troubleOf(await refused(429, { code: "over_budget", wait_seconds: 4.2 }), true, null);
  assert.deepEqual([busy.kind, busy.retrySeconds], ["busy", 4.2]);
  assert.equal(troubleOf(await refused(429, {}, { "retry-after": "7" }), true, null).retrySeconds, 7);
  assert.equal(troubleOf(new Refused(410, "grant_cancelled", ""), true, null).kind, "ended");
  assert.equal(troubleOf(await refusalOf(new Response("<html>", { status: 403 })), true, null).kind, "refused");
});

test("waits double up to two seconds: an edge that comes back is met soon after", () => {
  const waits = [0, 1, 2, 3, 4, 5, 9].map((attempt) => Math.round(backoffMs(attempt, () => 0.5)));
  assert.deepEqual(waits, [400, 800, 1600, 2000, 2000, 2000, 2000]);
});

test("who waits tries again when another got through, and when the wait is given up", async () => {
  const long = 3_600_000;
  const answered = pause(long);
  tellAnswered();
  await answered;
  const giveUp = new AbortController();
  const given = pause(long, giveUp.signal);
  giveUp.abort();
  await given;
  await pause(long, AbortSignal.abort());
});

test("an answer that does not begin is lost; one that has begun may take its time", async (t) => {
  const before = globalThis.fetch;
  t.after(() => (globalThis.fetch = before));
  const { signal } = new AbortController();
  globalThis.fetch = (_, init) => new Promise((_, reject) => init!.signal!.addEventListener("abort", () => reject(init!.signal!.reason)));
  let doubts = 0;
  const doubt = { ms: 2, then: () => void doubts++ };
  await assert.rejects(fetchBegun("/never", { signal }, 15, doubt));
  assert.equal(doubts, 1, "and doubted before that");
  let cut: AbortSignal | null | undefined;
  globalThis.fetch = (_, init) => {
    cut = init?.signal;
    return Promise.resolve(new Response("late"));
  };
  const response = await fetchBegun("/begun", { signal }, 5, doubt);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(await response.text(), "late");
  assert.equal(cut?.aborted, false);
  assert.equal(doubts, 1);
});
