import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import { test } from "node:test";
import { open } from "../../../src/alpheus/web/browser/cipher";

const bytes = (given: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(given);

function sealed(plain: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array<ArrayBuffer> {
  const cipher = createCipheriv("aes-128-cbc", key, iv);
  return bytes(Buffer.concat([cipher.update(plain), cipher.final()]));
}

async function opened(ciphertext: Uint8Array<ArrayBuffer>, key: Uint8Array, iv: Uint8Array, sizes: () => number) {
  const opening = await open(bytes(key), bytes(iv));
  const out: Uint8Array[] = [];
  for (let at = 0; at < ciphertext.length; ) {
    const size = Math.max(sizes(), 1);
    out.push(await opening.push(ciphertext.slice(at, at + size)));
    at += size;
  }
  out.push(await opening.finish());
  return Buffer.concat(out);
}

async function everySize(): Promise<void> {
  const [key, iv] = [randomBytes(16), randomBytes(16)];
  for (const length of [0, 1, 15, 16, 17, 31, 32, 1000, 65_536]) {
    const plain = randomBytes(length);
    const ciphertext = sealed(plain, key, iv);
    for (const sizes of [() => 1, () => 16, () => 7, () => 1_000_000, () => Math.floor(Math.random() * 100)]) {
      if (length === 65_536 && sizes() === 1) continue;
      assert.deepEqual(await opened(ciphertext, key, iv, sizes), plain, `length ${length}`);
    }
  }
}

test("a segment opens in pieces of any size, with WebCrypto", everySize);

test("and without it, as on a plain http address", async () => {
  const subtle = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(globalThis.crypto), "subtle")!;
  Object.defineProperty(Object.getPrototypeOf(globalThis.crypto), "subtle", { configurable: true, get: () => undefined });
  try {
    await everySize();
  } finally {
    Object.defineProperty(Object.getPrototypeOf(globalThis.crypto), "subtle", subtle);
  }
});

test("another segment's key does not open it", async () => {
  const [key, iv] = [randomBytes(16), randomBytes(16)];
  const ciphertext = sealed(randomBytes(200), key, iv);
  let failures = 0;
  for (let attempt = 0; attempt < 5; attempt++)
    await opened(ciphertext, randomBytes(16), iv, () => 64).catch(() => failures++);
  // Wrong padding looks right once in 256 times.
  assert.ok(failures >= 4);
});
