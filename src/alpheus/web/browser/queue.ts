/** The queue: what plays, what came before, what follows. Pure; every change is a new value. */

export type Repeat = "off" | "all" | "one";

/** `items` in the order they were given; `order` is the order of play, a permutation of their indexes that is kept,
 * so that "previous" retraces a shuffle; `at` is the place in `order` that plays. */
export interface Queue {
  readonly items: readonly string[];
  readonly order: readonly number[];
  readonly at: number;
  readonly shuffle: boolean;
  readonly repeat: Repeat;
}

/** A number from 0 up to, not including, 1. */
export type Random = () => number;

const natural = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** A fair permutation of `values` (Fisher and Yates). */
export function shuffled(values: readonly number[], random: Random): number[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last--) {
    const pick = Math.floor(random() * (last + 1));
    [result[last], result[pick]] = [result[pick]!, result[last]!];
  }
  return result;
}

/** A new queue that starts at `index`; shuffled, the chosen one plays first and all others follow it. */
export function queueOf(
  items: readonly string[],
  index: number,
  options: { shuffle?: boolean; repeat?: Repeat; random?: Random } = {},
): Queue {
  const { shuffle = false, repeat = "off", random = Math.random } = options;
  const start = Math.min(Math.max(Math.trunc(index) || 0, 0), Math.max(items.length - 1, 0));
  const plain: Queue = { items, order: natural(items.length), at: start, shuffle: false, repeat };
  return shuffle ? withShuffle(plain, true, random) : plain;
}

/** The item at a place in the order of play, or null beyond its ends. */
export function itemAt(queue: Queue, place: number): string | null {
  const index = queue.order[place];
  return index === undefined ? null : (queue.items[index] ?? null);
}

export const current = (queue: Queue): string | null => itemAt(queue, queue.at);

/** All items in the order of play, as the cloud keeps them. */
export const inOrder = (queue: Queue): string[] => queue.order.map((index) => queue.items[index]!);

/** Which place follows by itself when the one at `place` has been heard; null when the music ends there. */
export function successor(queue: Queue, place: number): number | null {
  if (queue.items.length === 0) return null;
  if (queue.repeat === "one") return place;
  if (place + 1 < queue.order.length) return place + 1;
  return queue.repeat === "all" ? 0 : null;
}

/** Which place "next" leads to: repeating one piece does not hold the listener there. */
export function nextPlace(queue: Queue): number | null {
  if (queue.at + 1 < queue.order.length) return queue.at + 1;
  return queue.repeat === "off" ? null : 0;
}

/** Which place "previous" leads to. */
export function previousPlace(queue: Queue): number | null {
  if (queue.at > 0) return queue.at - 1;
  return queue.repeat === "off" ? null : queue.order.length - 1;
}

/** The queue with another place sounding. */
export function movedTo(queue: Queue, place: number): Queue {
  return { ...queue, at: Math.min(Math.max(place, 0), Math.max(queue.order.length - 1, 0)) };
}

/** Up to `count` places that follow, in order; none is named twice, and one piece on repeat names nothing new. */
export function upcoming(queue: Queue, count: number): number[] {
  const places: number[] = [];
  for (let place = queue.at + 1; place < queue.order.length && places.length < count; place++) places.push(place);
  if (queue.repeat === "all") {
    for (let place = 0; place < queue.at && places.length < count; place++) places.push(place);
  }
  return places;
}

/** Shuffle on or off. What sounds goes on; on, the others are drawn after it; off, they stand as they were given. */
export function withShuffle(queue: Queue, shuffle: boolean, random: Random = Math.random): Queue {
  const sounding = queue.order[queue.at];
  if (sounding === undefined || shuffle === queue.shuffle) return { ...queue, shuffle };
  if (!shuffle) return { ...queue, shuffle, order: natural(queue.items.length), at: sounding };
  const others = natural(queue.items.length).filter((index) => index !== sounding);
  return { ...queue, shuffle, order: [sounding, ...shuffled(others, random)], at: 0 };
}

export const withRepeat = (queue: Queue, repeat: Repeat): Queue => ({ ...queue, repeat });

/** Off, all, one, off. */
export const afterRepeat = (repeat: Repeat): Repeat => (repeat === "off" ? "all" : repeat === "all" ? "one" : "off");

/** Put items directly after what sounds, in the order of play and in the order as given. */
export function insertedNext(queue: Queue, items: readonly string[]): Queue {
  if (items.length === 0) return queue;
  const sounding = queue.order[queue.at];
  if (sounding === undefined) return { ...queue, items, order: natural(items.length), at: 0 };
  const cut = sounding + 1;
  const moved = queue.order.map((index) => (index >= cut ? index + items.length : index));
  const added = items.map((_, offset) => cut + offset);
  return {
    ...queue,
    items: [...queue.items.slice(0, cut), ...items, ...queue.items.slice(cut)],
    order: [...moved.slice(0, queue.at + 1), ...added, ...moved.slice(queue.at + 1)],
  };
}

/** Put items at the end. */
export function appended(queue: Queue, items: readonly string[]): Queue {
  const added = items.map((_, offset) => queue.items.length + offset);
  return { ...queue, items: [...queue.items, ...items], order: [...queue.order, ...added] };
}

/** Take the item at a place out; what sounds stays, unless it is that item: then its follower takes its place. */
export function removed(queue: Queue, place: number): Queue {
  const gone = queue.order[place];
  if (gone === undefined) return queue;
  const order = queue.order
    .filter((_, index) => index !== place)
    .map((index) => (index > gone ? index - 1 : index));
  const at = Math.min(place < queue.at ? queue.at - 1 : queue.at, Math.max(order.length - 1, 0));
  return { ...queue, items: queue.items.filter((_, index) => index !== gone), order, at };
}
