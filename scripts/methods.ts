import { linkedText } from '../src/lab/bibliography';
import { comparisons } from '../src/lab/compare';
import { datasetSources } from '../src/lab/data/sources';
import { models } from '../src/lab/nn/models';
import type { ModelConfig } from '../src/lab/nn/spec';
import { registries } from '../src/lab/session/all-registries';
import type { Entry, Grid, Registry, Setting } from '../src/lab/settings';
import { RECIPE_SETTINGS } from '../src/lab/study/recipe';
import { USUAL_SHADOWS } from '../src/lab/study/schema';

interface Chapter {
  title: string;
  intro: string;
  registry: Registry<Entry>;
}

const JSON_EXAMPLES: ModelConfig[] = [
  {
    kind: 'resnet',
    stem: 'imagenet',
    block: 'bottleneck',
    layers: [1, 2],
    widths: [16, 32],
    stemWidth: 16,
    inChannels: 3,
    classes: 10,
  },
  {
    kind: 'vit',
    image: 32,
    patch: 8,
    dim: 64,
    depth: 2,
    heads: 4,
    dimHead: 16,
    mlpDim: 128,
    classes: 10,
    channels: 3,
  },
];

const CHAPTERS: Chapter[] = [
  {
    title: 'Localization strategies',
    intro:
      'Where in the network the forget set is looked for: `strategy` of a run, `--strategy` of `lethe localize`.',
    registry: registries.localizers,
  },
  {
    title: 'Unlearning methods',
    intro:
      'How the network is made to forget, within the mask: `method` of a run, `--method` of `lethe unlearn`. Values to tune over are a proposal: a study lists those that it compares ([command-line.md](command-line.md#sweeps-and-tuned-runs)).',
    registry: registries.unlearners,
  },
  {
    title: 'Forget rules',
    intro: 'What must be forgotten: `forget.rule` of a study.',
    registry: registries.forgetRules,
  },
  {
    title: 'Metrics',
    intro: `What every model is measured by. From these follow the differences to the oracle, \`gap\` and \`toW\` (METHOD section 5); \`lira\` of a study (\`{"shadows": ${USUAL_SHADOWS}}\`) adds the attack by shadow models, U-LiRA (${linked('Hayes et al. 2024')}).`,
    registry: registries.metrics,
  },
  {
    title: 'Models',
    intro: [
      '`model.id` of a study, `--model`. Any other ResNet or ViT is described by `model.config`, or a JSON file for `--model`:',
      JSON_EXAMPLES.map((config) => `\`\`\`json\n${JSON.stringify(config)}\n\`\`\``).join('\n\n'),
      'The stem is `cifar` (3×3) or `imagenet` (7×7 and pooling), the block `basic` or `bottleneck`. `stemWidth` may be left out: it is then the width of the weights that are read, or else 64 with the ImageNet stem and that of the first stage with the other.',
    ].join('\n\n'),
    registry: models,
  },
  {
    title: 'Comparisons',
    intro:
      'How two models are compared side by side: `lethe compare` makes the first two, `--with` the others (METHOD section 5.1); `--set ID.NAME=VALUE`.',
    registry: comparisons,
  },
  { title: 'Data sources', intro: '`data.source` of a study, `--data`.', registry: datasetSources },
];

/** docs/methods.md: every entry of every registry with its settings, as the page and the command line have them. */
export function methodsPage(): string {
  return `${[
    '# Methods, settings and sources',
    'Written by `npm run docs` from the registries; a test checks that it is current. [METHOD.md](METHOD.md) says what each one computes.',
    ...CHAPTERS.flatMap(chapter),
    '## Training',
    'How the original (`pretrain`) and the oracle (`oracle`) are trained; methods that train have the same settings with defaults of their own.',
    settingsTable([['', RECIPE_SETTINGS]]),
  ].join('\n\n')}\n`;
}

function chapter({ title, intro, registry: { entries } }: Chapter): string[] {
  const withFormulas = entries.some(({ formula }) => formula);
  const rows = entries.map(({ id, label, explanation, formula = '', reference }) => [
    `\`${id}\``,
    label,
    explanation,
    ...(withFormulas ? [formula && `\`${formula}\``] : []),
    linked(reference),
  ]);
  const withSettings = entries.flatMap(({ id, settings }): [string, Setting[]][] =>
    settings.length > 0 ? [[id, settings]] : [],
  );
  return [
    `## ${title}`,
    intro,
    table(['id', 'name', 'what it does', ...(withFormulas ? ['formula'] : []), 'source'], rows),
    ...(withSettings.length > 0 ? [settingsTable(withSettings)] : []),
  ];
}

/** The papers that a text names as links. */
function linked(text: string): string {
  return linkedText(text)
    .map((part) => (part.url ? `[${part.text}](${part.url})` : part.text))
    .join('');
}

/** Rows with the settings of several entries. An entry's name is shown in the first of its rows only. */
function settingsTable(entries: [id: string, settings: Setting[]][]): string {
  const grid = (setting: Setting) => ('grid' in setting ? setting.grid : undefined);
  const withGrids = entries.some(([, settings]) => settings.some(grid));
  const rows = entries.flatMap(([id, settings]) =>
    settings.map((setting, at) => [
      at === 0 && id ? `\`${id}\`` : '',
      `\`${setting.name}\``,
      `\`${JSON.stringify(setting.default)}\``,
      rangeOf(setting),
      setting.help,
      setting.source ?? '',
      ...(withGrids ? [gridText(grid(setting))] : []),
    ]),
  );
  const head = ['of', 'setting', 'default', 'range', 'what it does', 'published'];
  return table([...head, ...(withGrids ? ['to tune over'] : [])], rows);
}

const gridText = (grid: Grid | undefined): string =>
  grid ? `${grid.values.join(', ')} (${grid.source})` : '';

function rangeOf(setting: Setting): string {
  switch (setting.kind) {
    case 'number':
      return `${setting.min} to ${setting.max}${setting.integer ? ', whole' : ''}${setting.unit ? ` ${setting.unit}` : ''}`;
    case 'choice':
      return setting.options.map(({ value }) => `\`${value}\``).join(', ');
    case 'switch':
      return 'true or false';
    default:
      return { classes: 'class numbers', indices: 'image numbers', units: 'unit names, `tensor:row`' }[
        setting.kind
      ];
  }
}

/** A Markdown table. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
