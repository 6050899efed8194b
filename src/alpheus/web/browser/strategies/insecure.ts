/** What strategies need of WebCrypto, for pages on a plain http address. A chunk of its own, loaded only there. */
import { aeskw } from "@noble/ciphers/aes.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 as hash } from "@noble/hashes/sha2.js";
import type { Bytes } from "../bytes";

export const sha256 = (data: Bytes): Bytes => new Uint8Array(hash(data));

/** HKDF-SHA256 (RFC 5869). */
export const derived = (secret: Bytes, salt: Bytes, info: Bytes, length: number): Bytes =>
  new Uint8Array(hkdf(hash, secret, salt, info, length));

/** AES key unwrap (RFC 3394). Throws when it was wrapped under another key. */
export const unwrapped = (key: Bytes, wrapped: Bytes): Bytes => new Uint8Array(aeskw(key).decrypt(wrapped));
