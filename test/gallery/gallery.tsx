/**
 * Every panel at the sizes it has on the page, on fixture data. `?scheme=dark`, `?model=resnet50`, `?model=vit-small&side=32`, `?compare=salloc`,
 * `?strategy=…`, `?live=4` (a run in its fourth epoch), `?stream=10` (that run goes on, ten epochs a second, over and over), `?empty`.
 */
import { MantineProvider } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '../../src/app/ui/theme/mantine.css';
import '../../src/app/ui/theme/mantine-variables.css';
import '../../src/app/ui/theme/theme.css';
import '../../src/app/charts/charts.css';
import { Curves } from '../../src/app/panels/curves/Curves';
import { ForgetSet } from '../../src/app/panels/forget-set/ForgetSet';
import { MaskFalls } from '../../src/app/panels/mask-falls/MaskFalls';
import { MemorizationMap } from '../../src/app/panels/memorization-map/MemorizationMap';
import { RunsTable } from '../../src/app/panels/runs-table/RunsTable';
import { TradeOff } from '../../src/app/panels/trade-off/TradeOff';
import type { RunMarks } from '../../src/app/state/run-marks';
import type { CurvesOf } from '../../src/app/state/ui-slice';
import type { RunView } from '../../src/app/state/view';
import { theme } from '../../src/app/ui/theme/theme';
import { forgetRules } from '../../src/lab/forget';
import { cutMap, type RankedMap, readMap } from '../../src/lab/localize/ranked-map';
import { decodeFloats } from '../../src/lab/study/floats';
import type { Study } from '../../src/lab/study/study';
import { fixtureData, fixtureMap, fixtureSpec, fixtureStudy } from '../support/fixture-study';
import './gallery.css';

const query = new URLSearchParams(location.search);
const scheme = query.get('scheme') === 'dark' ? 'dark' : 'light';

const study = fixtureStudy();
const images = fixtureData();
const losses = decodeFloats(study.detail.losses);
const spec = fixtureSpec(query.get('model') ?? 'resnet8', query.has('side') ? Number(query.get('side')) : 28);
const large = spec.id !== 'resnet8';
const maps = (
  large ? ['del', 'random', 'deepest'] : ['del', 'salloc', 'random', 'deepest', 'shallowest']
).map((strategy) => readMap(spec, fixtureMap(spec, strategy)));
const empty = query.has('empty');

/** The first run, as it looks after some epochs. */
function partly(run: RunView, epochs: number): RunView {
  const { metrics: _m, deltas: _d, cost: _c, ...rest } = run;
  return { ...rest, series: { ...run.series!, points: run.series!.points.slice(0, epochs + 1) } };
}

const NONE: never[] = [];
const EPOCHS = { run: 12, original: 20, oracle: 20 };

const sharesOf = (map: RankedMap, alpha: number) => ({
  label: map.localizer.label,
  layers: cutMap(map, alpha).layers,
});

/** Counts through the epochs of a run, so many a second. */
function useStream(rate: number): number {
  const [epoch, setEpoch] = useState(0);
  useEffect(() => {
    if (rate === 0) return;
    const timer = setInterval(() => setEpoch((before) => (before + 1) % (EPOCHS.run + 1)), 1000 / rate);
    return () => clearInterval(timer);
  }, [rate]);
  return epoch;
}

function Gallery() {
  const epoch = useStream(Number(query.get('stream') ?? 0));
  const live = query.has('stream') ? String(epoch) : query.get('live');
  const [deleted, setDeleted] = useState<string[]>(NONE);
  const runs = useMemo<RunView[]>(
    () =>
      empty
        ? NONE
        : study.runs
            .map((run, i) => (live && i === 0 ? partly(run, Number(live)) : run))
            .filter((run) => !deleted.includes(run.id)),
    [live, deleted],
  );
  const [forget, setForget] = useState<number[]>(study.detail.forget);
  const [chosen, setChosen] = useState(study.study.forget);
  const [strategy, setStrategy] = useState(query.get('strategy') ?? 'del');
  const [other, setOther] = useState<string | undefined>(query.get('compare') ?? undefined);
  const [alpha, setAlpha] = useState(0.1);
  const [sameScale, setSameScale] = useState(false);
  const [selected, setSelected] = useState('del-reset-finetune-a0.1-s0');
  const [shown, setShown] = useState<CurvesOf>('run');
  const [marks, setMarks] = useState<RunMarks>({ pinned: [], hidden: [] });
  const map = maps.find((candidate) => candidate.localizer.id === strategy)!;
  const second = maps.find((candidate) => candidate.localizer.id === other);
  const mask = useMemo(() => sharesOf(map, alpha), [map, alpha]);
  const run = runs.find((candidate) => candidate.id === selected);
  const choose = useCallback((next: Study['forget']) => {
    setChosen(next);
    setForget((next.settings.indices as number[] | undefined) ?? study.detail.forget);
  }, []);
  const chooseRule = useCallback((rule: string) => choose({ rule, settings: {} }), [choose]);
  const originals = empty ? NONE : study.originals;
  const oracles = empty ? NONE : study.oracles;
  return (
    <main className="gallery">
      <ForgetSet
        data={empty ? undefined : images}
        forget={empty ? NONE : forget}
        losses={losses}
        rules={forgetRules.entries}
        chosen={chosen}
        onRule={chooseRule}
        onChoose={choose}
        readOnly={live !== null}
      />
      <MemorizationMap
        maps={empty ? NONE : maps}
        strategy={strategy}
        onStrategy={setStrategy}
        other={other}
        onOther={setOther}
        alpha={alpha}
        onAlpha={setAlpha}
      />
      <TradeOff
        originals={originals}
        oracles={oracles}
        runs={runs}
        liveRun={live ? runs[0] : undefined}
        selected={selected}
        onSelect={setSelected}
        sameScale={sameScale}
        onSameScale={setSameScale}
      />
      <div className="gallery-bottom">
        <Curves
          run={run}
          runLabel="DEL, α 0.1"
          original={originals[0]}
          oracle={oracles[0]}
          epochs={EPOCHS}
          shown={shown}
          onShown={setShown}
        />
        <MaskFalls mask={empty ? undefined : mask} other={second && sharesOf(second, alpha)} alpha={alpha} />
      </div>
      <RunsTable
        originals={originals}
        oracles={oracles}
        runs={runs}
        classNames={images.classes}
        selected={selected}
        onSelect={setSelected}
        marks={marks}
        onMarks={setMarks}
        canDelete
        onDelete={setDeleted}
      />
    </main>
  );
}

createRoot(document.getElementById('root')!).render(
  <MantineProvider theme={theme} forceColorScheme={scheme} withCssVariables={false} withGlobalClasses={false}>
    <Gallery />
  </MantineProvider>,
);
