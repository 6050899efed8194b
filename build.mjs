/**
 * Builds what browsers load into src/alpheus/web/static/built:
 *
 *   main.js            htmx, the player, the pages' small modules (one file: nothing waits for a second request)
 *   worker.js          the service worker, and offline.js of its page without network
 *   embed.js           the player of previews in others' pages
 *   chunks/*.js        what is loaded only when needed: delivery strategies, decryption without WebCrypto, uploads
 *   app.css, fonts/    styles/app.css with everything it imports, fonts from npm
 *   icons.svg          a sprite of the lucide icons that templates and modules name, and no others
 *   icon*, logo.svg    our own marks, and as pictures for home screens
 *
 * Usage: node build.mjs [--watch]
 *
 * Names that end in a hash are esbuild's own. Django's manifest storage copies every file to a second, hashed name
 * and leaves the first in place, so main.js finds its chunks by relative address under either name.
 */
import { build, context } from "esbuild";
import { readdirSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = dirname(fileURLToPath(import.meta.url));
const web = join(root, "src/alpheus/web");
const built = join(web, "static/built");

/** What a browser downloads before the first sound, compressed (design: pages). */
const BUDGET_BYTES = 40 * 1024;

/** Strategies come with the page, whichever is in force: all count against the budget. */
const FIRST_PLAY = new RegExp(`^chunks/(${strategyNames().join("|")})-`);

const shared = { bundle: true, logLevel: "warning", absWorkingDir: root, minify: true, metafile: true };

/** Libraries in CommonJS come as one module of their own: esbuild's helpers for them would else be shared with main.js. */
const whole = {
  name: "whole",
  setup(it) {
    it.onResolve({ filter: /^tus-js-client$/ }, (asked) => (asked.kind === "entry-point" ? undefined : { path: asked.path, namespace: "whole" }));
    it.onLoad({ filter: /.*/, namespace: "whole" }, async ({ path }) => {
      const made = await build({ ...shared, metafile: false, entryPoints: [path], format: "esm", target: ["es2022"], write: false });
      return { contents: made.outputFiles[0].text, resolveDir: root };
    });
  },
};

const scripts = {
  ...shared,
  entryPoints: { main: join(web, "browser/main.ts") },
  outdir: built,
  format: "esm",
  splitting: true,
  target: ["es2022"],
  chunkNames: "chunks/[name]-[hash]",
  legalComments: "eof",
  plugins: [whole, { name: "afterwards", setup: (it) => it.onEnd((result) => afterScripts(result)) }],
};

/** Scripts of their own, outside pages: in one file each, as workers need it. */
const apart = {
  ...shared,
  entryPoints: { worker: join(web, "browser/worker.ts"), offline: join(web, "browser/offline.ts"), embed: join(web, "browser/embed.ts") },
  outdir: built,
  format: "iife",
  target: ["es2022"],
};

const styles = {
  ...shared,
  entryPoints: { app: join(web, "styles/app.css") },
  outdir: built,
  // light-dark(), nesting and oklch() stay as written: browsers that have Managed or plain Media Source read them.
  target: ["esnext"],
  assetNames: "fonts/[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file" },
};

/** The strategies' files: all that lie beside the contract, its loader, and what stands in for WebCrypto. */
function strategyNames() {
  const names = readdirSync(join(web, "browser/strategies")).map((name) => name.replace(/\.ts$/, ""));
  return names.filter((name) => !["contract", "load", "insecure"].includes(name));
}

/** All files below a folder, as paths from it. */
async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Names of icons that templates and modules use: {% icon "play" %}, icon("play"), data-icon="play", #icon names in Python. */
async function iconNames() {
  const names = new Set();
  const sources = [...(await filesBelow(join(web, "templates"))), ...(await filesBelow(join(web, "browser"))), ...(await filesBelow(join(web, "templatetags")))];
  const uses = [/\{%\s*icon\s+["']([a-z0-9-]+)["']/g, /\bicon\(\s*["']([a-z0-9-]+)["']/g, /\bdata-icon=["']([a-z0-9-]+)["']/g, /\bICON:([a-z0-9-]+)/g];
  for (const file of sources) {
    if (!/\.(html|txt|ts|py|svg)$/.test(file)) continue;
    const text = await readFile(file, "utf8");
    for (const use of uses) for (const [, name] of text.matchAll(use)) names.add(name);
  }
  return [...names].sort();
}

/** One <symbol> from a lucide icon, without its own size and stroke: the .i class draws it. */
async function symbol(name) {
  const file = join(root, "node_modules/lucide-static/icons", `${name}.svg`);
  const svg = await readFile(file, "utf8").catch(() => {
    throw new Error(`icon "${name}" is named in a template or module, but lucide has none of that name`);
  });
  const inside = svg.replace(/<!--.*?-->/gs, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inside.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>")}</symbol>`;
}

async function writeSprite() {
  const symbols = await Promise.all((await iconNames()).map(symbol));
  const head = "<!-- Icons: Lucide (https://lucide.dev), ISC licence -->";
  await writeFile(join(built, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${head}${symbols.join("")}</svg>\n`);
  return symbols.length;
}

/** Prints sizes; fails when a first play would cost more than the budget, or when main.js would wait for a second file. */
async function afterScripts(result) {
  if (result.errors.length > 0 || !result.metafile) return;
  let before = 0;
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    const name = relative(built, join(root, path));
    const bytes = gzipSync(await readFile(join(root, path)), { level: 9 }).length;
    const first = name === "main.js" || FIRST_PLAY.test(name);
    if (first) before += bytes;
    console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KiB gzip  ${name}${first ? "" : "  (only when needed)"}`);
    if (name === "main.js" && output.imports.some((it) => it.kind === "import-statement" && !it.external))
      throw new Error("main.js statically imports a chunk: a lazily loaded module shares code with it; pass that in instead");
  }
  console.log(`${(before / 1024).toFixed(1).padStart(7)} KiB gzip  before first play (budget ${BUDGET_BYTES / 1024})`);
  if (before > BUDGET_BYTES) throw new Error(`${before} bytes of JavaScript before first play; the budget is ${BUDGET_BYTES}`);
}

/** Our own marks, and beside the fonts the licence that they travel under. */
async function copyMarks() {
  for (const name of await readdir(join(web, "marks"))) await copyFile(join(web, "marks", name), join(built, name));
  await mkdir(join(built, "fonts"), { recursive: true });
  for (const font of ["instrument-sans", "newsreader"])
    await copyFile(join(root, "node_modules/@fontsource-variable", font, "LICENSE"), join(built, "fonts", `OFL-${font}.txt`));
}

async function prepare() {
  await mkdir(built, { recursive: true });
  await copyMarks();
  const icons = await writeSprite();
  console.log(`${String(icons).padStart(7)} icons`);
}

if (process.argv.includes("--watch")) {
  await prepare();
  const contexts = await Promise.all([context(scripts), context(apart), context(styles)]);
  await Promise.all(contexts.map((it) => it.watch()));
  const { watch } = await import("node:fs");
  for (const folder of ["templates", "browser", "templatetags"])
    watch(join(web, folder), { recursive: true }, () => writeSprite().catch((error) => console.error(error.message)));
  console.log("watching; Ctrl-C ends");
} else {
  await rm(built, { recursive: true, force: true });
  await prepare();
  try {
    await Promise.all([build(scripts), build(apart), build(styles)]);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
