/** How a recording looks: its sleeve, its names, each in its own language. */
import { facts, make, mark } from "./page";
import type { CoverWire, RecordingWire } from "./wire";

/** Names of a credit as links, joined by its own words. */
export function creditOf(recording: RecordingWire): (Node | string)[] {
  return recording.credit.artists.flatMap(({ gid, name, language, join_phrase }) => [
    make("a", { href: facts().artist.replace("{gid}", gid), lang: language || undefined }, name),
    join_phrase ?? "",
  ]);
}

/** All sizes of a cover in one format, for `srcset`. The address ends in WIDTH.jpg; other sizes replace it. */
export function sourceSet(cover: CoverWire): string {
  const folder = cover.url.replace(/[^/]*$/, "");
  return cover.widths.map((width) => `${folder}${width}.webp ${width}w`).join(", ");
}

/** Show a cover in an <img>, or say that there is none. */
export function showCover(image: HTMLImageElement, cover: CoverWire | null, alt: string): void {
  image.hidden = cover === null;
  if (!cover || image.dataset["digest"] === cover.digest) return;
  image.dataset["digest"] = cover.digest;
  image.sizes = image.dataset["sizes"] ?? "100vw";
  image.srcset = sourceSet(cover);
  image.src = cover.url;
  mark(image, "alt", alt);
}

/** A small sleeve for a list. */
export function smallSleeve(cover: CoverWire | null): Element {
  if (cover) {
    const image = make("img", { class: "sleeve fix", style: "--d:44px", alt: "", width: "600", height: "600", loading: "lazy" });
    image.dataset["sizes"] = "44px";
    showCover(image, cover, "");
    return image;
  }
  const none = document.querySelector("#player [data-now=no-cover]")!.cloneNode(true) as SVGElement;
  none.removeAttribute("data-now");
  none.removeAttribute("hidden");
  none.style.setProperty("--d", "44px");
  return none;
}
