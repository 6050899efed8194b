/** The strategy "ladder": a plain list, one rung a segment, each with its key. */
import type { BatchAnswer, Release } from "../wire";
import type { Strategy, Tools } from "./contract";

interface Rung {
  readonly grant: string;
  readonly rendition: string;
  readonly segment: number;
  readonly url: string;
  readonly key: string;
  readonly iv: string;
}

export const strategy: Strategy = {
  name: "ladder",
  read(answer: BatchAnswer, { fromBase64 }: Tools): readonly Release[] {
    if (!Array.isArray(answer.released)) throw new TypeError("ladder: released is not a list");
    return (answer.released as readonly Rung[]).map((rung) => ({
      ...rung,
      key: fromBase64(rung.key),
      iv: fromBase64(rung.iv),
    }));
  },
};
