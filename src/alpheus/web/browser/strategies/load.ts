/** Loads strategies by the name an edge gives. */
import type { Strategy } from "./contract";

const installed: Readonly<Record<string, () => Promise<{ strategy: Strategy }>>> = {
  ladder: () => import("./ladder"),
};

/** The strategy of that name. Rejects when this player is older than the edge: a reload brings the newer one. */
export async function load(name: string): Promise<Strategy> {
  const loader = installed[name];
  if (!loader) throw new Error(`this page does not know the delivery strategy "${name}"; load it again`);
  return (await loader()).strategy;
}
