/** The strategy "braid": shuffled columns; keys wrapped (RFC 3394) under HKDF-SHA256 of stream, sequence and salt. */
import type { Bytes } from "../bytes";
import type { BatchAnswer, Release } from "../wire";
import type { Strategy, Tools } from "./contract";

interface Columns {
  readonly salt: string;
  readonly order: readonly number[];
  readonly grants: readonly string[];
  readonly renditions: readonly string[];
  readonly segments: readonly number[];
  readonly urls: readonly string[];
  readonly wraps: readonly string[];
}

type Unwrap = (wrapped: Bytes) => Promise<Bytes>;

const INFO = new TextEncoder().encode("alpheus braid 1");

async function unwrapping(secret: Bytes, salt: Bytes, subtle: SubtleCrypto | undefined): Promise<Unwrap> {
  if (!subtle) {
    const { derived, unwrapped } = await import("./insecure");
    const key = derived(secret, salt, INFO, 16);
    return (wrapped) => Promise.resolve(unwrapped(key, wrapped));
  }
  const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: INFO };
  const key = await subtle.deriveKey(how, base, { name: "AES-KW", length: 128 }, false, ["unwrapKey"]);
  return async (wrapped) => {
    // Key and iv together are as long as an AES-256 key, and pass for one while they are unwrapped.
    const both = await subtle.unwrapKey("raw", wrapped, key, "AES-KW", "AES-CBC", true, ["decrypt"]);
    return new Uint8Array(await subtle.exportKey("raw", both));
  };
}

export const strategy: Strategy = {
  name: "braid",
  async read(answer: BatchAnswer, { fromBase64, stream, subtle }: Tools): Promise<readonly Release[]> {
    const { salt, order, grants, renditions, segments, urls, wraps } = answer.released as Columns;
    const secret = new TextEncoder().encode(`${stream}/${answer.sequence}`);
    const unwrap = await unwrapping(secret, fromBase64(salt), subtle);
    const keys = await Promise.all(wraps.map((wrapped) => unwrap(fromBase64(wrapped))));
    return order.map((row) => ({
      grant: grants[row]!,
      rendition: renditions[row]!,
      segment: segments[row]!,
      url: urls[row]!,
      key: keys[row]!.slice(0, 16),
      iv: keys[row]!.slice(16),
    }));
  },
};
