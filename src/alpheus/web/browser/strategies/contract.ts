/** What the player knows of a delivery strategy: how to read what an edge released.
 *
 * An edge draws a strategy for each epoch; its answers name it. Each is one small file here, loaded when first named,
 * and one at the edge. A strategy decides the form of `released`, never what may be heard.
 */
import type { Bytes } from "../bytes";
import type { BatchAnswer, Release } from "../wire";

/** What a strategy may use. Handed in, not imported: a strategy's chunk shares no code with main.js. */
export interface Tools {
  readonly fromBase64: (text: string) => Bytes;
}

export interface Strategy {
  readonly name: string;
  /** Read an answer's releases, in order. Throws when the answer has not this strategy's form. */
  read(answer: BatchAnswer, tools: Tools): readonly Release[] | Promise<readonly Release[]>;
}
