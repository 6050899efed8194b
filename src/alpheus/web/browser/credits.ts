/** Who did what on what plays: read from its own page, which says it in the listener's language. Loaded with the now-playing page. */

/** Fill a list of facts; what is asked for too late, or not there, leaves it empty. */
export async function showCredits(list: HTMLElement, address: string, isStill: () => boolean): Promise<void> {
  list.replaceChildren();
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (isStill()) list.replaceChildren(...(page.getElementById("credits")?.children ?? []));
}
