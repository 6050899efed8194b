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
  /** the stream's id, 32 hexadecimal digits without dashes, as the edge knows it */
  readonly stream: string;
  /** WebCrypto; undefined on a plain http address, where `./insecure` does the same */
  readonly subtle: SubtleCrypto | undefined;
}

export interface Strategy {
  readonly name: string;
  /** Read an answer's releases, in order of play. Throws when the answer has not this strategy's form. */
  read(answer: BatchAnswer, tools: Tools): readonly Release[] | Promise<readonly Release[]>;
}
