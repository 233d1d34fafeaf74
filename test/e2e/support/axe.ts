import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AnyPage, inPage } from './any-page';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Puts axe into the page, for who has no time for that later. */
export async function loadAxe(page: AnyPage): Promise<void> {
  // The page's policy refuses inline scripts; what the debugger evaluates is not bound by it.
  await inPage(page, await readFile(axePath, 'utf8'));
}

/** What axe finds that keeps people out. @param within a part of the page, in which axe is there already; absent: all of it */
export async function seriousViolations(page: AnyPage, within?: string): Promise<string[]> {
  if (within === undefined) await loadAxe(page);
  const violations = await inPage(
    page,
    async (place: string | undefined) => {
      const { axe } = globalThis as unknown as {
        axe: { run(within: string | Document): Promise<{ violations: Violation[] }> };
      };
      return (await axe.run(place ?? document)).violations;
    },
    within,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
    );
}
