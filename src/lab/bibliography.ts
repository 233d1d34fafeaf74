/** The papers that entries of the registries name, as data: `Entry.cites` holds keys of `BIBLIOGRAPHY`. Pure. */

export interface Citation {
  /** `Given Names Surname`, in their order. */
  authors: readonly string[];
  title: string;
  /** Journal or conference; absent where the paper is known as a preprint only. */
  venue?: string;
  kind: 'article' | 'inproceedings' | 'misc';
  year: number;
  /** arXiv identifier, without version. */
  arxiv?: string;
  doi?: string;
  /** How our texts name it: these words become a link. */
  named: string;
}

const NEURIPS = 'Advances in Neural Information Processing Systems';
const AAAI = 'Proceedings of the AAAI Conference on Artificial Intelligence';

export const BIBLIOGRAPHY = {
  torkzadehmahani2025: {
    authors: [
      'Reihaneh Torkzadehmahani',
      'Reza Nasirigerdeh',
      'Georgios Kaissis',
      'Daniel Rueckert',
      'Gintare Karolina Dziugaite',
      'Eleni Triantafillou',
    ],
    title: 'Improved Localized Machine Unlearning Through the Lens of Memorization',
    venue: 'Transactions on Machine Learning Research',
    kind: 'article',
    year: 2025,
    arxiv: '2412.02432',
    named: 'Torkzadehmahani et al. 2025',
  },
  cadet2024: {
    authors: [
      'Xavier F. Cadet',
      'Anastasia Borovykh',
      'Mohammad Malekzadeh',
      'Sara Ahmadi-Abhari',
      'Hamed Haddadi',
    ],
    title: 'Deep Unlearn: Benchmarking Machine Unlearning',
    kind: 'misc',
    year: 2024,
    arxiv: '2410.01276',
    named: 'Cadet et al. 2024',
  },
  chundawat2023: {
    authors: ['Vikram S. Chundawat', 'Ayush K. Tarun', 'Murari Mandal', 'Mohan Kankanhalli'],
    title: 'Can Bad Teaching Induce Forgetting? Unlearning in Deep Networks Using an Incompetent Teacher',
    venue: AAAI,
    kind: 'inproceedings',
    year: 2023,
    arxiv: '2205.08096',
    named: 'Chundawat et al. 2023',
  },
  fan2024: {
    authors: ['Chongyu Fan', 'Jiancheng Liu', 'Yihua Zhang', 'Eric Wong', 'Dennis Wei', 'Sijia Liu'],
    title:
      'SalUn: Empowering Machine Unlearning via Gradient-based Weight Saliency in Both Image Classification and Generation',
    venue: 'International Conference on Learning Representations',
    kind: 'inproceedings',
    year: 2024,
    arxiv: '2310.12508',
    named: 'Fan et al. 2024',
  },
  feldman2020: {
    authors: ['Vitaly Feldman', 'Chiyuan Zhang'],
    title: 'What Neural Networks Memorize and Why: Discovering the Long Tail via Influence Estimation',
    venue: NEURIPS,
    kind: 'inproceedings',
    year: 2020,
    arxiv: '2008.03703',
    named: 'Feldman & Zhang 2020',
  },
  foster2024: {
    authors: ['Jack Foster', 'Stefan Schoepf', 'Alexandra Brintrup'],
    title: 'Fast Machine Unlearning Without Retraining Through Selective Synaptic Dampening',
    venue: AAAI,
    kind: 'inproceedings',
    year: 2024,
    arxiv: '2308.07707',
    named: 'Foster et al. 2024',
  },
  goel2022: {
    authors: [
      'Shashwat Goel',
      'Ameya Prabhu',
      'Amartya Sanyal',
      'Ser-Nam Lim',
      'Philip Torr',
      'Ponnurangam Kumaraguru',
    ],
    title: 'Towards Adversarial Evaluations for Inexact Machine Unlearning',
    kind: 'misc',
    year: 2022,
    arxiv: '2201.06640',
    named: 'Goel et al. 2022',
  },
  golatkar2020: {
    authors: ['Aditya Golatkar', 'Alessandro Achille', 'Stefano Soatto'],
    title: 'Eternal Sunshine of the Spotless Net: Selective Forgetting in Deep Networks',
    venue: 'Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition',
    kind: 'inproceedings',
    year: 2020,
    arxiv: '1911.04933',
    named: 'Golatkar et al. 2020',
  },
  graves2021: {
    authors: ['Laura Graves', 'Vineel Nagisetty', 'Vijay Ganesh'],
    title: 'Amnesiac Machine Learning',
    venue: AAAI,
    kind: 'inproceedings',
    year: 2021,
    arxiv: '2010.10981',
    named: 'Graves et al. 2021',
  },
  hayes2024: {
    authors: ['Jamie Hayes', 'Ilia Shumailov', 'Eleni Triantafillou', 'Amr Khalifa', 'Nicolas Papernot'],
    title: 'Inexact Unlearning Needs More Careful Evaluations to Avoid a False Sense of Privacy',
    kind: 'misc',
    year: 2024,
    arxiv: '2403.01218',
    named: 'Hayes et al. 2024',
  },
  jia2023: {
    authors: [
      'Jinghan Jia',
      'Jiancheng Liu',
      'Parikshit Ram',
      'Yuguang Yao',
      'Gaowen Liu',
      'Yang Liu',
      'Pranay Sharma',
      'Sijia Liu',
    ],
    title: 'Model Sparsity Can Simplify Machine Unlearning',
    venue: NEURIPS,
    kind: 'inproceedings',
    year: 2023,
    arxiv: '2304.04934',
    named: 'Jia et al. 2023',
  },
  kurmanji2023: {
    authors: ['Meghdad Kurmanji', 'Peter Triantafillou', 'Jamie Hayes', 'Eleni Triantafillou'],
    title: 'Towards Unbounded Machine Unlearning',
    venue: NEURIPS,
    kind: 'inproceedings',
    year: 2023,
    arxiv: '2302.09880',
    named: 'Kurmanji et al. 2023',
  },
  maini2023: {
    authors: [
      'Pratyush Maini',
      'Michael C. Mozer',
      'Hanie Sedghi',
      'Zachary C. Lipton',
      'J. Zico Kolter',
      'Chiyuan Zhang',
    ],
    title: 'Can Neural Network Memorization Be Localized?',
    venue: 'International Conference on Machine Learning',
    kind: 'inproceedings',
    year: 2023,
    arxiv: '2307.09542',
    named: 'Maini et al. 2023',
  },
  singh2020: {
    authors: ['Sidak Pal Singh', 'Dan Alistarh'],
    title: 'WoodFisher: Efficient Second-Order Approximation for Neural Network Compression',
    venue: NEURIPS,
    kind: 'inproceedings',
    year: 2020,
    arxiv: '2004.14340',
    named: 'Singh and Alistarh 2020',
  },
  thudi2022: {
    authors: ['Anvith Thudi', 'Gabriel Deza', 'Varun Chandrasekaran', 'Nicolas Papernot'],
    title: 'Unrolling SGD: Understanding Factors Influencing Machine Unlearning',
    venue: 'IEEE European Symposium on Security and Privacy',
    kind: 'inproceedings',
    year: 2022,
    arxiv: '2109.13398',
    named: 'Thudi et al. 2022',
  },
  zhao2024: {
    authors: [
      'Kairan Zhao',
      'Meghdad Kurmanji',
      'George-Octavian Bărbulescu',
      'Eleni Triantafillou',
      'Peter Triantafillou',
    ],
    title: 'What Makes Unlearning Hard and What to Do About It',
    venue: NEURIPS,
    kind: 'inproceedings',
    year: 2024,
    arxiv: '2406.01257',
    named: 'Zhao et al. 2024',
  },
} as const satisfies Record<string, Citation>;

export type CitationKey = keyof typeof BIBLIOGRAPHY;

/** The paper that Lethe is about. */
export const PAPER: CitationKey = 'torkzadehmahani2025';

/** Where a paper can be read; undefined where the bibliography does not know. */
export function paperUrl({ arxiv, doi }: Pick<Citation, 'arxiv' | 'doi'>): string | undefined {
  if (arxiv) return `https://arxiv.org/abs/${arxiv}`;
  return doi && `https://doi.org/${doi}`;
}

const ARXIV = 'arXiv:? ?(\\d{4}\\.\\d{4,5})';
const NAMED = new RegExp(
  [...Object.values(BIBLIOGRAPHY).map(({ named }) => named.replaceAll('.', '\\.')), ARXIV].join('|'),
);

/**
 * A text cut at the papers that it names, each with its address: what the bibliography calls `named`, and arXiv identifiers.
 * @example linkedText('Fan et al. 2024; ours') // [{ text: 'Fan et al. 2024', url: 'https://arxiv.org/abs/2310.12508' }, { text: '; ours' }]
 */
export function linkedText(text: string): { text: string; url?: string }[] {
  const parts: { text: string; url?: string }[] = [];
  let rest = text;
  for (let match = NAMED.exec(rest); match; match = NAMED.exec(rest)) {
    const [found, arxiv] = match;
    const citation = Object.values(BIBLIOGRAPHY).find(({ named }) => named === found);
    if (match.index > 0) parts.push({ text: rest.slice(0, match.index) });
    parts.push({ text: found, url: paperUrl(citation ?? { arxiv }) });
    rest = rest.slice(match.index + found.length);
  }
  return rest === '' ? parts : [...parts, { text: rest }];
}
