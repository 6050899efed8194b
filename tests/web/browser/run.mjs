/**
 * Compiles the browser code's unit tests with esbuild and runs them with node's own test runner.
 * Usage: node tests/web/browser/run.mjs [name of a test ...]
 */
import { build } from "esbuild";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const only = process.argv.slice(2).map((name) => `${name}.test.ts`);
const tests = (await readdir(here)).filter((name) => (only.length > 0 ? only.includes(name) : name.endsWith(".test.ts")));
const outdir = await mkdtemp(join(tmpdir(), "alpheus-browser-tests-"));
try {
  await build({
    absWorkingDir: root,
    entryPoints: tests.map((name) => join(here, name)),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  const files = tests.map((name) => join(outdir, name.replace(/\.ts$/, ".mjs")));
  const child = spawn(process.execPath, ["--test", ...files], { stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
} finally {
  await rm(outdir, { recursive: true, force: true });
}
