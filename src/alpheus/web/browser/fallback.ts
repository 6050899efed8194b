/** AES-CBC without WebCrypto, for pages on a plain http address. A chunk of its own: see cipher.ts. */
import { cbc } from "@noble/ciphers/aes.js";

/** Decrypt whole blocks; `padded` when they end the segment. */
export function decryptCbc(
  key: Uint8Array<ArrayBuffer>,
  iv: Uint8Array<ArrayBuffer>,
  blocks: Uint8Array<ArrayBuffer>,
  padded: boolean,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(cbc(key, iv, { disablePadding: !padded }).decrypt(blocks));
}
