import { useActions, useApp } from '../../client/context';
import { useView } from '../../client/pane-view';
import { isAtWork } from '../../state/view';
import { ObstacleNote } from '../../ui/Answer';
import './model-choice.css';

/** What stands here as long as there are no two models to compare: one sentence that says why and what to do. */
export function NoAnswers() {
  const shown = useView();
  const view = useApp((state) => state.view);
  const awaited = useApp((state) => state.awaited);
  const gpu = useApp((state) => state.gpu);
  const actions = useActions();
  const run = { label: 'Run it here', run: () => actions.run() };
  const canRun = gpu?.available !== false;
  const why = () => {
    if (awaited) return 'The recorded study is being loaded.';
    if (isAtWork(view))
      return 'Images, classes and attack appear here as soon as the original and the oracle have been measured.';
    const lacks = shown
      ? 'This result does not tell what its models say of single images, as those of earlier versions do not'
      : 'Nothing is recorded of this study';
    return canRun
      ? `${lacks}: run it here to compare its models.`
      : `${lacks}: run it in a browser with WebGPU, or with npx lethe run, and open its result here.`;
  };
  return (
    <section className="panel no-answers" aria-label="Two models side by side">
      <h2>Two models side by side</h2>
      <ObstacleNote text={why()} action={canRun && !awaited && !isAtWork(view) ? run : undefined} />
    </section>
  );
}
