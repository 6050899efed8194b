/** Buttons that copy what a field holds. Without a clipboard (plain http) they stay hidden: the field can be selected. */

const DONE_MS = 2_500;

/** Have the buttons of this page work, those that do not yet. */
export function follow(): void {
  if (!globalThis.navigator?.clipboard) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const field = document.getElementById(button.dataset["copy"] ?? "") as HTMLTextAreaElement;
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return field.select(); // The browser forbids it: what is selected can be copied by hand.
  }
  const word = button.querySelector("span")!;
  const before = word.textContent;
  word.textContent = button.dataset["done"] ?? "";
  setTimeout(() => (word.textContent = before), DONE_MS);
}
