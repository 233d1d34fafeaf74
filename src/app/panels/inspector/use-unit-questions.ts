import * as Comlink from 'comlink';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { UnitInspection, UnitProbe } from '../../../lab/lab-api';
import type { Study } from '../../../lab/study/study';
import { useActions } from '../../client/context';
import { type Asked, askedFailure } from '../../ui/asked';

/** How long a selection must stay unchanged before the lab is asked about it. */
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
  const { questions } = useActions();
  const [inspection, setInspection] = useState<UnitAnswers['inspection']>();
  const selection = useMemo(() => ({ study, seed, units }), [study, seed, units]);
  const [probe, setProbe] = useState<{
    question: { about: typeof selection };
    asked: UnitAnswers['probe'];
  }>();

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
        .catch((error) => current && setInspection(askedFailure(error)));
    }, CALM_MS);
    return () => {
      current = false;
      clearTimeout(timer);
      questions.stop();
    };
  }, [questions, study, seed, units, strategy]);

  const onProbe = useCallback(
    (how: 'reset' | 'zero') => {
      const { study, seed, units } = selection;
      if (!study) return;
      const question = { about: selection };
      setProbe({ question, asked: { state: 'asking' } });
      const say = (asked: UnitAnswers['probe']) =>
        setProbe((was) => (was?.question === question ? { question, asked } : was));
      questions
        .ask((api) => api.probeUnits(study, seed, [...units], how))
        .then((result) => say({ state: 'answered', answer: { how, result } }))
        .catch((error) => say(askedFailure(error)));
    },
    [questions, selection],
  );
  const onCancel = useCallback(() => {
    questions.stop();
  }, [questions]);
  // An answer to an earlier selection is about other units: it is not shown.
  const shown = probe?.question.about === selection ? probe.asked : undefined;
  return { inspection, probe: shown, onProbe, onCancel };
}
