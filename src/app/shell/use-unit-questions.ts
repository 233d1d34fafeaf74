import * as Comlink from 'comlink';
import { useCallback, useEffect, useState } from 'react';
import type { UnitInspection, UnitProbe } from '../../lab/session/probe';
import type { Study } from '../../lab/study/study';
import type { Asked } from '../panels/Asked';
import { useController } from '../state/context';
import { failure } from './asked';

/** A selection that still changes is not asked about. */
const CALM_MS = 350;

interface UnitAnswers {
  inspection?: Asked<UnitInspection>;
  probe?: Asked<{ how: 'reset' | 'zero'; result: UnitProbe }>;
  onProbe: (how: 'reset' | 'zero') => void;
  onCancel: () => void;
}

/**
 * Asks the lab about units as soon as they are selected, and about a change to them on demand. Answers belong to one selection.
 * @param study absent while the lab cannot be asked. @param strategy the one whose score says how much an example weighs.
 */
export function useUnitQuestions(
  study: Study | undefined,
  seed: number,
  units: readonly string[],
  strategy: string,
): UnitAnswers {
  const { questions } = useController();
  const [inspection, setInspection] = useState<UnitAnswers['inspection']>();
  const [probe, setProbe] = useState<UnitAnswers['probe']>();

  useEffect(() => {
    setInspection(undefined);
    if (!study || units.length === 0) return;
    let current = true;
    const timer = setTimeout(() => {
      setInspection({ state: 'asking' });
      const progress = (done: number, total: number) => {
        if (current)
          setInspection((was) => (was?.state === 'asking' ? { state: 'asking', done, total } : was));
      };
      questions
        .ask((api) => api.inspectUnits(study, seed, [...units], strategy, Comlink.proxy(progress)))
        .then((answer) => current && setInspection({ state: 'answered', answer }))
        .catch((error) => current && setInspection(failure(error)));
    }, CALM_MS);
    return () => {
      current = false;
      clearTimeout(timer);
      questions.stop();
    };
  }, [questions, study, seed, units, strategy]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer is about one selection
  useEffect(() => setProbe(undefined), [study, seed, units]);

  const onProbe = useCallback(
    (how: 'reset' | 'zero') => {
      if (!study) return;
      setProbe({ state: 'asking' });
      questions
        .ask((api) => api.probeUnits(study, seed, [...units], how))
        .then((result) => setProbe({ state: 'answered', answer: { how, result } }))
        .catch((error) => setProbe(failure(error)));
    },
    [questions, study, seed, units],
  );
  const onCancel = useCallback(() => {
    questions.stop();
  }, [questions]);
  return { inspection, probe, onProbe, onCancel };
}
