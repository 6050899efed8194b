import assert from "node:assert/strict";
import { test } from "node:test";
import { Cloud } from "../../../src/alpheus/web/browser/cloud";
import type { Session } from "../../../src/alpheus/web/browser/session";
import { Refused, Unreachable } from "../../../src/alpheus/web/browser/trouble";
import type { Operation, SessionWire } from "../../../src/alpheus/web/browser/wire";

const wire = (version: number, more: Partial<SessionWire> = {}): SessionWire =>
  ({ id: 1, version, position_ms: 0, playing: false, devices: [], ...more }) as SessionWire;

/** A cloud whose web answers by script, and what was asked of it. */
function scripted(...script: (SessionWire | Error)[]) {
  const asked: Operation[][] = [];
  const answers: number[] = [];
  const refusals: string[] = [];
  const session = {
    edit: (ops: readonly Operation[]) => {
      asked.push([...ops]);
      const next = script.shift() ?? wire(99);
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  } as unknown as Session;
  const cloud = new Cloud(session, (it) => answers.push(it.version), (it) => refusals.push(it.code));
  return { cloud, asked, answers, refusals };
}

async function quiet(cloud: Cloud): Promise<void> {
  for (let tries = 0; cloud.isAsking && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 0));
}

const report = (position_ms: number): Operation => ({ op: "report", stream: "s", entry: "e", position_ms, playing: true, heard: 0 });

test("what is asked goes out in order, one request at a time", async () => {
  const { cloud, asked, answers } = scripted(wire(1), wire(2));
  cloud.ask({ op: "clear" });
  await Promise.resolve();
  cloud.ask({ op: "next" });
  cloud.ask({ op: "pause" });
  await quiet(cloud);
  assert.deepEqual(asked.flat().map(({ op }) => op), ["clear", "next", "pause"]);
  assert.equal(answers.length, asked.length);
});

test("a lost answer is asked for again, with the same operations", async () => {
  const { cloud, asked, answers } = scripted(new Unreachable(), wire(3));
  cloud.ask({ op: "remove", entries: ["e"] });
  await quiet(cloud);
  assert.equal(asked.length, 2);
  assert.deepEqual(asked[0], asked[1]);
  assert.deepEqual(answers, [3]);
});

test("a refusal ends what was refused and nothing after it", async () => {
  const { cloud, answers, refusals } = scripted(new Refused(409, "queue_full", "", null, null), wire(4));
  cloud.ask({ op: "clear" });
  await quiet(cloud);
  cloud.ask({ op: "next" });
  await quiet(cloud);
  assert.deepEqual([refusals, answers], [["queue_full"], [4]]);
});

test("of reports that wait only the last is sent, and what waits for an answer waits", async () => {
  const { cloud, asked } = scripted();
  let answered: () => void = () => undefined;
  cloud.after(new Promise<void>((resolve) => (answered = resolve)));
  for (const at of [1, 2, 3]) cloud.ask(report(at));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(asked, []);
  answered();
  await quiet(cloud);
  assert.deepEqual(asked, [[report(3)]]);
});

test("what is older than what is known is not taken, unless it is another session", () => {
  const { cloud } = scripted();
  assert.ok(cloud.take(wire(5)));
  assert.ok(!cloud.take(wire(4)));
  assert.ok(cloud.take(wire(5)));
  assert.ok(cloud.take(wire(1, { id: 2 })));
});

test("where the music is goes on by a monotonic clock, whatever the wall says", (context) => {
  context.mock.timers.enable({ apis: ["Date"] });
  const { cloud } = scripted();
  cloud.take(wire(1, { position_ms: 60_000, playing: true }));
  context.mock.timers.setTime(86_400_000);
  assert.ok(cloud.positionMs >= 60_000 && cloud.positionMs < 61_000);
  cloud.take(wire(2, { position_ms: 7_000 }));
  assert.equal(cloud.positionMs, 7_000);
});
