/** Opens segments: AES-128-CBC with PKCS7 padding (HLS METHOD=AES-128), whole or while they arrive.
 *
 * WebCrypto exists only in a secure context (https, localhost). On a plain http address a small library does the same;
 * it is loaded only then.
 */
import { joined, type Bytes } from "./bytes";

const BLOCK = 16;

/** One segment being opened. Pieces go in as they arrive, in any sizes; plain bytes come out. */
export interface Opening {
  push(piece: Bytes): Promise<Bytes>;
  /** The rest. Throws when the padding is wrong: the key is not this segment's. */
  finish(): Promise<Bytes>;
}

/** Decrypts whole blocks that follow on each other. */
interface Blocks {
  middle(blocks: Bytes): Promise<Bytes>;
  last(blocks: Bytes): Promise<Bytes>;
}

export const isSecure = (): boolean => globalThis.crypto?.subtle !== undefined;

/** Begin to open a segment. */
export async function open(key: Bytes, iv: Bytes): Promise<Opening> {
  const blocks = isSecure() ? await webBlocks(key, iv) : await plainBlocks(key, iv);
  let held: Bytes = new Uint8Array(0);
  return {
    async push(piece) {
      const all = joined(held, piece);
      // The last whole block may be the padding: it is held until something follows it.
      const ready = Math.max(Math.ceil(all.length / BLOCK) - 1, 0) * BLOCK;
      held = all.slice(ready);
      return ready === 0 ? new Uint8Array(0) : blocks.middle(all.slice(0, ready));
    },
    finish: () => blocks.last(held),
  };
}

/** WebCrypto removes padding at the end of every call, so a piece from the middle is given a block of padding:
 * what encrypting nothing yields, chained to the piece's last block. */
async function webBlocks(key: Bytes, iv: Bytes): Promise<Blocks> {
  const { subtle } = globalThis.crypto;
  const imported = await subtle.importKey("raw", key, "AES-CBC", false, ["encrypt", "decrypt"]);
  let chained = iv;
  const decrypt = async (bytes: Bytes): Promise<Bytes> =>
    new Uint8Array(await subtle.decrypt({ name: "AES-CBC", iv: chained }, imported, bytes));
  return {
    async middle(bytes) {
      const next = bytes.slice(-BLOCK);
      const tail = new Uint8Array(await subtle.encrypt({ name: "AES-CBC", iv: next }, imported, new Uint8Array(0)));
      const plain = await decrypt(joined(bytes, tail));
      chained = next;
      return plain;
    },
    last: decrypt,
  };
}

async function plainBlocks(key: Bytes, iv: Bytes): Promise<Blocks> {
  const { decryptCbc } = await import("./fallback");
  let chained = iv;
  return {
    middle(bytes) {
      const plain = decryptCbc(key, chained, bytes, false);
      chained = bytes.slice(-BLOCK);
      return Promise.resolve(plain);
    },
    last: (bytes) => Promise.resolve(decryptCbc(key, chained, bytes, true)),
  };
}
