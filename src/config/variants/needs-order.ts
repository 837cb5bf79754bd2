/** A cycle in who needs whom, as the names along it with the first one again at the end; null where there is none. */
export function findCycle(needs: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  for (const start of needs.keys()) {
    // An explicit stack: a chain of 200 needs must not depend on the caller's.
    const path: string[] = [];
    const stack: { name: string; rest: string[] }[] = [];
    const enter = (name: string): void => {
      path.push(name);
      stack.push({ name, rest: [...(needs.get(name) ?? [])] });
    };
    if (!done.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        done.add(top.name);
        stack.pop();
        path.pop();
      } else if (path.includes(next)) {
        return [...path.slice(path.indexOf(next)), next];
      } else if (!done.has(next)) {
        enter(next);
      }
    }
  }
  return null;
}
