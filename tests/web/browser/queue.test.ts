import assert from "node:assert/strict";
import { test } from "node:test";
import * as queues from "../../../src/alpheus/web/browser/queue";

const abcd = queues.queueOf(["a", "b", "c", "d"], 1);

/** Always picks the last: a known permutation. */
const steady = () => 0.999;
const seeded = (seed: number) => () => ((seed = (seed * 16807) % 2147483647) - 1) / 2147483646;

test("a queue starts where it was asked to, and within its ends", () => {
  assert.equal(queues.current(abcd), "b");
  assert.equal(queues.queueOf(["a"], 7).at, 0);
  assert.equal(queues.queueOf(["a", "b"], -3).at, 0);
  assert.equal(queues.current(queues.queueOf([], 0)), null);
});

test("what follows by itself depends on repeat", () => {
  const table: [queues.Repeat, number, number | null][] = [
    ["off", 1, 2], ["off", 3, null], ["all", 3, 0], ["all", 0, 1], ["one", 2, 2],
  ];
  for (const [repeat, place, expected] of table)
    assert.equal(queues.successor(queues.withRepeat(abcd, repeat), place), expected, `${repeat} after ${place}`);
});

test("next leaves a piece that repeats", () => {
  assert.equal(queues.nextPlace(queues.withRepeat(abcd, "one")), 2);
  const last = queues.movedTo(abcd, 3);
  assert.equal(queues.nextPlace(last), null);
  assert.equal(queues.nextPlace(queues.withRepeat(last, "all")), 0);
  assert.equal(queues.previousPlace(queues.movedTo(abcd, 0)), null);
  assert.equal(queues.previousPlace(queues.withRepeat(queues.movedTo(abcd, 0), "all")), 3);
});

test("shuffle keeps what sounds first and plays every other once", () => {
  for (let seed = 1; seed < 50; seed++) {
    const mixed = queues.withShuffle(abcd, true, seeded(seed));
    assert.equal(queues.current(mixed), "b");
    assert.equal(mixed.at, 0);
    assert.deepEqual([...queues.inOrder(mixed)].sort(), ["a", "b", "c", "d"]);
  }
});

test("previous retraces a shuffle, and unshuffling goes on where the piece stood", () => {
  let mixed = queues.withShuffle(abcd, true, seeded(7));
  const forward = [];
  for (let place: number | null = mixed.at; place !== null; place = queues.nextPlace(mixed)) {
    mixed = queues.movedTo(mixed, place);
    forward.push(queues.current(mixed));
  }
  const back = [];
  for (let place: number | null = mixed.at; place !== null; place = queues.previousPlace(mixed)) {
    mixed = queues.movedTo(mixed, place);
    back.push(queues.current(mixed));
  }
  assert.deepEqual(back, forward.reverse());
  const c = queues.movedTo(mixed, mixed.order.indexOf(2));
  const straight = queues.withShuffle(c, false);
  assert.equal(queues.current(straight), "c");
  assert.deepEqual(queues.inOrder(straight), ["a", "b", "c", "d"]);
});

test("shuffling is fair", () => {
  const counts = new Map<string, number>();
  const random = seeded(42);
  for (let round = 0; round < 6000; round++) {
    const key = queues.shuffled([0, 1, 2], random).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const count of counts.values()) assert.ok(count > 850 && count < 1150, String(count));
});

test("play next puts pieces behind what sounds, in both orders", () => {
  const plain = queues.insertedNext(abcd, ["x", "y"]);
  assert.deepEqual(queues.inOrder(plain), ["a", "b", "x", "y", "c", "d"]);
  const mixed = queues.insertedNext(queues.withShuffle(abcd, true, steady), ["x", "y"]);
  assert.deepEqual(queues.inOrder(mixed).slice(0, 3), ["b", "x", "y"]);
  assert.deepEqual(queues.inOrder(queues.withShuffle(mixed, false)), ["a", "b", "x", "y", "c", "d"]);
  assert.equal(queues.current(queues.insertedNext(queues.queueOf([], 0), ["x"])), "x");
});

test("removing keeps what sounds", () => {
  assert.deepEqual(queues.inOrder(queues.removed(abcd, 0)), ["b", "c", "d"]);
  assert.equal(queues.current(queues.removed(abcd, 0)), "b");
  assert.equal(queues.current(queues.removed(abcd, 3)), "b");
  assert.equal(queues.current(queues.removed(abcd, 1)), "c");
  assert.equal(queues.removed(abcd, 9), abcd);
  const mixed = queues.removed(queues.withShuffle(abcd, true, steady), 2);
  assert.deepEqual([...mixed.order].sort(), [0, 1, 2]);
});

test("upcoming names nothing twice", () => {
  assert.deepEqual(queues.upcoming(abcd, 5), [2, 3]);
  assert.deepEqual(queues.upcoming(queues.withRepeat(abcd, "all"), 5), [2, 3, 0]);
  assert.deepEqual(queues.upcoming(queues.withRepeat(abcd, "all"), 1), [2]);
});

test("repeat goes off, all, one, off", () => {
  assert.deepEqual((["off", "all", "one"] as const).map(queues.afterRepeat), ["all", "one", "off"]);
});
