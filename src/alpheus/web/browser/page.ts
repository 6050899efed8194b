/** What the page tells the player: its sentences, addresses and language. */
import { filled } from "./format";

interface PageFacts {
  readonly words: Readonly<Record<string, string>>;
  readonly language: string;
  readonly api: string;
  readonly icons: string;
  /** where edges are reached */
  readonly edges?: readonly string[];
  /** the same, sealed: web gives the listener no edge that this page cannot reach */
  readonly reach?: string;
  /** where the browser is asked to empty its own cache */
  readonly clean: string;
  /** addresses with {gid} in them */
  readonly artist: string;
  readonly release: string;
}

/** The page's language may change while the player stays: its block is read anew whenever it was replaced. */
let read: { text: string; facts: PageFacts } | null = null;

export function facts(): PageFacts {
  const text = document.getElementById("player-words")?.textContent ?? "{}";
  if (read?.text !== text) read = { text, facts: JSON.parse(text) as PageFacts };
  return read.facts;
}

/** A sentence in the page's language, with its values. */
export const say = (word: string, values: Readonly<Record<string, string | number>> = {}): string =>
  filled(facts().words[word] ?? word, values);

/** Draw another icon in an element that holds one. Icons used so: data-icon="play" data-icon="pause" data-icon="repeat"
 * data-icon="repeat-1" data-icon="volume-2" data-icon="volume-x" data-icon="x" data-icon="loader" data-icon="grip-vertical" data-icon="monitor" data-icon="smartphone". */
export function draw(element: Element, name: string): void {
  const use = element.querySelector("use");
  const href = `${facts().icons}#${name}`;
  if (use && use.getAttribute("href") !== href) use.setAttribute("href", href);
}

/** A new icon. */
export function icon(name: string, extra = ""): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `i ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
  draw(svg, name);
  return svg;
}

/** How long browsers keep a connection that was opened ahead. */
const CONNECTED_MS = 8_000;
let connectedAt = -Infinity;

/** Open connections to the edges before they are needed: a press of play is announced by the finger that comes down. */
export function connectAhead(): void {
  if (performance.now() - connectedAt < CONNECTED_MS) return;
  connectedAt = performance.now();
  for (const old of document.head.querySelectorAll("link[data-edge]")) old.remove();
  for (const href of facts().edges ?? [])
    document.head.append(make("link", { rel: "preconnect", href, crossorigin: "anonymous", "data-edge": "" }));
}

type Child = Node | string;

/** A new element: attributes by name (undefined leaves one out), then what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Write a text only where it changed: screen readers and layout are left alone. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Set or remove an attribute only where it changed. */
export function mark(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** Set a custom property only where it changed. */
export function property(element: HTMLElement | SVGElement, name: string, value: string): void {
  if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}
