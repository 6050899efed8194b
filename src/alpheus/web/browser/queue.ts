/** The queue as far as this page knows it: a window around what plays. The whole of it is kept in the cloud.
 *
 * Pure; every change is a new value. Entries are named, not counted: whoever edits elsewhere moves them, but renames none.
 */

export type Repeat = "off" | "all" | "one";

/** One place of a queue: the same recording may stand in several. */
export interface Entry {
  readonly id: string;
  readonly recording: string;
}

/** `entries` in the order of play, the first of which has place `offset` of `length`; `at` is the entry that plays.
 * `first` and `last` of the whole queue are known even when they lie outside, so that it can be played round. */
export interface Queue {
  readonly entries: readonly Entry[];
  readonly offset: number;
  readonly length: number;
  readonly at: string | null;
  readonly first: Entry | null;
  readonly last: Entry | null;
  readonly shuffle: boolean;
  readonly repeat: Repeat;
}

export const EMPTY: Queue = { entries: [], offset: 0, length: 0, at: null, first: null, last: null, shuffle: false, repeat: "off" };

/** Names of entries that are made together; the cloud makes the same of the same seed. */
export const entriesOf = (recordings: readonly string[], seed: string): Entry[] =>
  recordings.map((recording, place) => ({ id: seed + place.toString(16).padStart(8, "0"), recording }));

/** A new seed: 24 hexadecimal digits. */
export const newSeed = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A new queue that starts at `index`. Shuffled, only what plays first is known until the cloud has drawn the rest. */
export function queueOf(
  recordings: readonly string[],
  index: number,
  options: { seed?: string; shuffle?: boolean; repeat?: Repeat } = {},
): Queue {
  const { seed = newSeed(), shuffle = false, repeat = "off" } = options;
  const entries = entriesOf(recordings, seed);
  const start = Math.min(Math.max(Math.trunc(index) || 0, 0), Math.max(entries.length - 1, 0));
  const chosen = entries[start];
  const known = shuffle && chosen ? [chosen] : entries;
  return whole({ ...EMPTY, shuffle, repeat, at: chosen?.id ?? null }, known, entries.length);
}

/** A queue of which all is known that is said to be. */
const whole = (queue: Queue, entries: readonly Entry[], length = entries.length): Queue => ({
  ...queue, entries, length, offset: 0, first: entries[0] ?? null, last: length === entries.length ? (entries.at(-1) ?? null) : null,
});

const placeOf = (queue: Queue, id: string | null): number => queue.entries.findIndex((entry) => entry.id === id);

/** The recording of an entry, or null when it is not known here. */
export function itemAt(queue: Queue, id: string | null): string | null {
  if (id === null) return null;
  const known = [queue.first, queue.last].find((entry) => entry?.id === id);
  return (queue.entries[placeOf(queue, id)] ?? known)?.recording ?? null;
}

export const current = (queue: Queue): string | null => itemAt(queue, queue.at);

/** Whether all of the queue is known here. */
export const isWhole = (queue: Queue): boolean => queue.offset === 0 && queue.entries.length === queue.length;

/** Whether a queue was made of these recordings, in whatever order it plays them; as far as it is known. */
export function isMadeOf(queue: Queue, recordings: readonly string[]): boolean {
  if (queue.length !== recordings.length) return false;
  const made = new Set(recordings);
  return queue.entries.every(({ recording }) => made.has(recording));
}

/** The neighbour of an entry; undefined where it is not known, null where there is none. */
function neighbour(queue: Queue, id: string | null, step: 1 | -1): string | null | undefined {
  const place = placeOf(queue, id);
  // Beyond the last and before the first there is nothing, also where the window lies elsewhere.
  if (place < 0) return id !== null && id === (step > 0 ? queue.last : queue.first)?.id ? null : undefined;
  const beside = queue.entries[place + step];
  if (beside) return beside.id;
  const atEnd = step > 0 ? queue.offset + queue.entries.length >= queue.length : queue.offset === 0;
  return atEnd ? null : undefined;
}

/** Which entry follows by itself when one has been heard; null when the music ends there, or that is not known yet. */
export function successor(queue: Queue, id: string): string | null {
  if (queue.length === 0) return null;
  if (queue.repeat === "one") return id;
  const next = neighbour(queue, id, 1);
  return next === null && queue.repeat === "all" ? (queue.first?.id ?? null) : (next ?? null);
}

/** Whether something may follow what plays that is not known here yet. */
export const isOpenEnded = (queue: Queue): boolean =>
  queue.at !== null && queue.repeat !== "one" && neighbour(queue, queue.at, 1) === undefined;

/** Which entry "next" leads to: repeating one piece does not hold the listener there. */
export function nextPlace(queue: Queue): string | null {
  const next = neighbour(queue, queue.at, 1);
  return next === null && queue.repeat !== "off" ? (queue.first?.id ?? null) : (next ?? null);
}

/** Which entry "previous" leads to. */
export function previousPlace(queue: Queue): string | null {
  const before = neighbour(queue, queue.at, -1);
  return before === null && queue.repeat !== "off" ? (queue.last?.id ?? null) : (before ?? null);
}

/** The queue with another entry sounding. */
export const movedTo = (queue: Queue, id: string | null): Queue => (itemAt(queue, id) === null ? queue : { ...queue, at: id });

/** Up to `count` entries that follow, in order; none is named twice, and one piece on repeat names nothing new. */
export function upcoming(queue: Queue, count: number): string[] {
  const place = placeOf(queue, queue.at);
  if (place < 0) return [];
  const ids = queue.entries.slice(place + 1, place + 1 + count).map(({ id }) => id);
  const atEnd = queue.offset + queue.entries.length >= queue.length;
  if (queue.repeat !== "all" || !atEnd || ids.length >= count) return ids;
  const round = queue.offset === 0 ? queue.entries.slice(0, place) : queue.first ? [queue.first] : [];
  return [...ids, ...round.map(({ id }) => id)].slice(0, count);
}

export const withShuffle = (queue: Queue, shuffle: boolean): Queue => ({ ...queue, shuffle });
export const withRepeat = (queue: Queue, repeat: Repeat): Queue => ({ ...queue, repeat });

/** Off, all, one, off. */
export const afterRepeat = (repeat: Repeat): Repeat => (repeat === "off" ? "all" : repeat === "all" ? "one" : "off");

/** How the queue will look once the cloud has put entries after one, or at the end. */
export function inserted(queue: Queue, added: readonly Entry[], after: string | null): Queue {
  const place = after === null ? queue.entries.length : placeOf(queue, after) + 1;
  const atEnd = queue.offset + queue.entries.length >= queue.length;
  if (place === 0 || (after === null && !atEnd)) return { ...queue, length: queue.length + added.length };
  return edited(queue, [...queue.entries.slice(0, place), ...added, ...queue.entries.slice(place)]);
}

/** How it will look without an entry; what sounds stays, unless it is that one: then its follower takes its place. */
export function removed(queue: Queue, id: string): Queue {
  const place = placeOf(queue, id);
  if (place < 0) return queue;
  const entries = queue.entries.filter((entry) => entry.id !== id);
  const heir = entries[Math.min(place, entries.length - 1)]?.id ?? null;
  return edited({ ...queue, at: queue.at === id ? heir : queue.at }, entries);
}

/** How it will look once an entry stands after another, or first of all. */
export function moved(queue: Queue, id: string, after: string | null): Queue {
  const entry = queue.entries[placeOf(queue, id)];
  if (!entry || id === after) return queue;
  const rest = queue.entries.filter((it) => it !== entry);
  const place = after === null ? 0 : rest.findIndex((it) => it.id === after) + 1;
  return edited(queue, [...rest.slice(0, place), entry, ...rest.slice(place)]);
}

/** How it will look when only what plays is left. */
export function cleared(queue: Queue): Queue {
  return whole(queue, queue.entries.filter(({ id }) => id === queue.at));
}

/** The queue with entries known that follow those which are; what is told of another place, another queue or another order of it
 * says nothing. */
export function extended(queue: Queue, found: { entries: readonly Entry[]; offset: number; length: number }): Queue {
  const known = new Set(queue.entries.map(({ id }) => id));
  const follows = found.offset === queue.offset + queue.entries.length && found.length === queue.length;
  return follows && !found.entries.some(({ id }) => known.has(id)) ? { ...queue, entries: [...queue.entries, ...found.entries] } : queue;
}

function edited(queue: Queue, entries: readonly Entry[]): Queue {
  const atEnd = queue.offset + queue.entries.length >= queue.length;
  return {
    ...queue,
    entries,
    length: queue.length + entries.length - queue.entries.length,
    first: queue.offset === 0 ? (entries[0] ?? null) : queue.first,
    last: atEnd ? (entries.at(-1) ?? null) : queue.last,
  };
}
