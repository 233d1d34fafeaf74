import { useEffect, useMemo, useState } from 'react';

/**
 * What planning a study says: at once where that is quick, otherwise a moment later, and until then what was said last.
 * @param request one object as long as nothing changes
 * @param plan plans here
 * @param ask has it planned by a worker; undefined: it is quick
 */
export function usePlanned<Request, T>(
  request: Request,
  plan: (request: Request) => T,
  ask: ((request: Request) => Promise<T>) | undefined,
): T | undefined {
  const quick = useMemo(() => (ask ? undefined : { value: plan(request) }), [request, plan, ask]);
  const [last, setLast] = useState<{ value: T }>();
  // It would stand for a study of long ago.
  if (quick && last) setLast(undefined);
  useEffect(() => {
    if (!ask) return;
    let isAwaited = true;
    // Where there is no worker nothing else is slow either: nothing can be run.
    const answer = ask(request).catch(() => plan(request));
    answer.then((value) => isAwaited && setLast({ value }));
    return () => {
      isAwaited = false;
    };
  }, [request, plan, ask]);
  return (quick ?? last)?.value;
}
