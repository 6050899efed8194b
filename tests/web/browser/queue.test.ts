import assert from "node:assert/strict";
import { test } from "node:test";
import * as queues from "../../../src/alpheus/web/browser/queue";

const SEED = "a".repeat(24);
const id = (place: number): string => SEED + place.toString(16).padStart(8, "0");
const abcd = queues.queueOf(["a", "b", "c", "d"], 1, { seed: SEED });
const order = (queue: queues.Queue): string => queue.entries.map(({ recording }) => recording).join("");

/** What a page knows of a long queue: entries 40 to 44 of 100. */
const middle: queues.Queue = {
  ...queues.EMPTY,
  entries: queues.entriesOf(["v", "w", "x", "y", "z"], SEED),
  offset: 40,
  length: 100,
  at: id(2),
  first: { id: "first", recording: "A" },
  last: { id: "last", recording: "Z" },
};

test("a queue starts where it was asked to, and within its ends", () => {
  assert.equal(queues.current(abcd), "b");
  assert.equal(queues.queueOf(["a"], 7, { seed: SEED }).at, id(0));
  assert.equal(queues.queueOf(["a", "b"], -3, { seed: SEED }).at, id(0));
  assert.equal(queues.current(queues.queueOf([], 0)), null);
  assert.notEqual(queues.newSeed(), queues.newSeed());
  assert.match(queues.newSeed(), /^[0-9a-f]{24}$/);
});

test("what follows by itself depends on repeat", () => {
  const table: [queues.Repeat, number, number | null][] = [
    ["off", 1, 2], ["off", 3, null], ["all", 3, 0], ["all", 0, 1], ["one", 2, 2],
  ];
  for (const [repeat, place, expected] of table)
    assert.equal(queues.successor(queues.withRepeat(abcd, repeat), id(place)), expected === null ? null : id(expected));
});

test("the last is known to be it, also where the window lies elsewhere", () => {
  const round = queues.movedTo(queues.withRepeat(middle, "all"), "last");
  assert.equal(queues.successor(round, "last"), "first");
  assert.equal(queues.nextPlace(round), "first");
  assert.equal(queues.successor(middle, "last"), null);
  assert.equal(queues.previousPlace(queues.movedTo(round, "first")), "last");
  assert.equal(queues.successor(round, "nobody knows"), null);
});

test("next leaves a piece that repeats", () => {
  assert.equal(queues.nextPlace(queues.withRepeat(abcd, "one")), id(2));
  const last = queues.movedTo(abcd, id(3));
  assert.equal(queues.nextPlace(last), null);
  assert.equal(queues.nextPlace(queues.withRepeat(last, "all")), id(0));
  const first = queues.movedTo(abcd, id(0));
  assert.equal(queues.previousPlace(first), null);
  assert.equal(queues.previousPlace(queues.withRepeat(first, "all")), id(3));
  assert.equal(queues.previousPlace(abcd), id(0));
});

test("of a shuffled queue only what plays first is known until the cloud has drawn", () => {
  const mixed = queues.queueOf(["a", "b", "c", "d"], 2, { seed: SEED, shuffle: true });
  assert.equal(queues.current(mixed), "c");
  assert.equal(mixed.length, 4);
  assert.equal(queues.nextPlace(mixed), null);
  assert.deepEqual(queues.upcoming(mixed, 3), []);
  assert.ok(!queues.isWhole(mixed));
});

test("what lies outside of the window is not taken for the end", () => {
  assert.equal(queues.successor(middle, id(4)), null);
  assert.equal(queues.successor(queues.withRepeat(middle, "all"), id(4)), null);
  assert.equal(queues.previousPlace(queues.movedTo(middle, id(0))), null);
  assert.equal(queues.itemAt(middle, "last"), "Z");
});

test("a queue is known by what it was made of", () => {
  assert.ok(queues.isMadeOf(abcd, ["d", "c", "b", "a"]));
  assert.ok(!queues.isMadeOf(abcd, ["a", "b", "c"]));
  assert.ok(!queues.isMadeOf(abcd, ["a", "b", "c", "e"]));
});

test("what is coming is named once", () => {
  assert.deepEqual(queues.upcoming(abcd, 5), [id(2), id(3)]);
  assert.deepEqual(queues.upcoming(queues.withRepeat(abcd, "all"), 5), [id(2), id(3), id(0)]);
  assert.deepEqual(queues.upcoming(queues.withRepeat(abcd, "one"), 1), [id(2)]);
  const end = queues.withRepeat({ ...middle, length: 45 }, "all");
  assert.deepEqual(queues.upcoming(queues.movedTo(end, id(4)), 3), ["first"]);
});

test("edits are shown before the cloud confirms them", () => {
  const added = queues.entriesOf(["x", "y"], "b".repeat(24));
  assert.equal(order(queues.inserted(abcd, added, abcd.at)), "abxycd");
  assert.equal(order(queues.inserted(abcd, added, null)), "abcdxy");
  assert.equal(queues.inserted(middle, added, null).length, 102);
  assert.equal(order(queues.inserted(middle, added, null)), "vwxyz");
  assert.equal(order(queues.removed(abcd, id(0))), "bcd");
  assert.equal(queues.current(queues.removed(abcd, id(0))), "b");
  assert.equal(queues.current(queues.removed(abcd, id(1))), "c");
  assert.equal(queues.removed(abcd, "nobody"), abcd);
  assert.equal(order(queues.moved(abcd, id(3), id(0))), "adbc");
  assert.equal(order(queues.moved(abcd, id(3), null)), "dabc");
  assert.equal(queues.moved(abcd, id(3), null).first?.recording, "d");
  assert.equal(queues.moved(abcd, id(0), id(3)).last?.recording, "a");
  assert.equal(order(queues.cleared(abcd)), "b");
  assert.equal(queues.removed(middle, id(0)).length, 99);
});

test("more of a long queue is known when it is told, and only what follows", () => {
  const told = { entries: queues.entriesOf(["n", "m"], "c".repeat(24)), offset: middle.offset + middle.entries.length, length: middle.length };
  const longer = queues.extended(middle, told);
  assert.equal(order(longer), order(middle) + "nm");
  assert.deepEqual(longer.last, middle.last);
  assert.equal(queues.itemAt(longer, told.entries[1]!.id), "m");
  assert.equal(queues.extended(middle, { ...told, offset: told.offset + 1 }), middle);
  assert.equal(queues.extended(middle, { ...told, length: middle.length + 1 }), middle);
  assert.equal(queues.extended(middle, { ...told, entries: [middle.entries[0]!, ...told.entries] }), middle);
});

test("what follows the last entry that is known of a longer queue is not known, which is no end", () => {
  const last = queues.movedTo(middle, id(4));
  assert.ok(queues.isOpenEnded(last));
  assert.ok(!queues.isOpenEnded(queues.movedTo(middle, id(3))));
  assert.ok(!queues.isOpenEnded(queues.withRepeat(last, "one")));
  assert.ok(!queues.isOpenEnded(queues.movedTo(abcd, id(3))));
  assert.ok(!queues.isOpenEnded(queues.movedTo(middle, middle.last!.id)));
  assert.ok(!queues.isOpenEnded(queues.EMPTY));
});
