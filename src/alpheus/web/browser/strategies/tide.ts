/** The strategy "tide": the last comes first, driftwood between; a chain of hashes tells which, and unmasks the keys. */
import type { Bytes } from "../bytes";
import type { BatchAnswer, Release } from "../wire";
import type { Strategy, Tools } from "./contract";

interface Water {
  readonly moon: string;
  readonly pieces: readonly (readonly [grant: string, rendition: string])[];
  readonly rows: readonly (readonly [piece: number, segment: number, half: string])[];
  readonly rest: readonly string[];
  readonly keys: string;
  readonly pads: string;
}

/** One row in so many leads nowhere. */
const DRIFTWOOD = 4;

async function hashing(subtle: SubtleCrypto | undefined): Promise<(data: Bytes) => Bytes | Promise<Bytes>> {
  if (!subtle) return (await import("./insecure")).sha256;
  return async (data) => new Uint8Array(await subtle.digest("SHA-256", data));
}

export const strategy: Strategy = {
  name: "tide",
  async read(answer: BatchAnswer, { fromBase64, stream, subtle }: Tools): Promise<readonly Release[]> {
    const { moon, pieces, rows, rest, keys, pads } = answer.released as Water;
    const hash = await hashing(subtle);
    const [masked, pad] = [fromBase64(keys), fromBase64(pads)];
    const begin = new TextEncoder().encode(`alpheus tide 1/${stream}/${answer.sequence}/`);
    let link: Bytes = new Uint8Array([...begin, ...fromBase64(moon)]);
    const found: Release[] = [];
    for (const [number, [piece, segment, half]] of rows.entries()) {
      link = await hash(link);
      if (link[31]! % DRIFTWOOD === 0) continue;
      const both = link.map((byte, at) => byte ^ masked[32 * number + at]! ^ pad[32 * number + at]!);
      const [grant, rendition] = pieces[piece]!;
      const url = `/s/${half}.${rest.at(-1 - number)!}`;
      found.push({ grant, rendition, segment, url, key: both.slice(0, 16), iv: both.slice(16) });
    }
    return found.reverse();
  },
};
