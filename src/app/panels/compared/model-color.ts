import { strategyStyle } from '../../charts/strategy-style';
import type { ComparedModel } from '../../state/compared-models';

/** The colour of a model, the same in every pane. */
export const modelColor = ({ role, strategy }: Pick<ComparedModel, 'role' | 'strategy'>): string =>
  role === 'run' ? strategyStyle(strategy ?? '').color : `var(--${role})`;
