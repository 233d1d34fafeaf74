import { printable } from '../../printable';

/** Characters that LaTeX takes for commands. A straight quote needs an encoding, so that it closes, `<` and `>` other signs in old fonts. */
const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '"': "''",
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '`': '\\textasciigrave{}',
};

/** Greek letters that LaTeX names as Unicode does; others look like Latin ones, and are these. */
const GREEK = [
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi',
  'Gamma Delta Theta Lambda Xi',
  'pi rho sigma tau upsilon phi chi psi omega',
  'Pi Sigma Upsilon Phi Psi Omega',
];
const GREEK_SIGNS = ['αβγδεζηθικλμνξ', 'ΓΔΘΛΞ', 'πρστυφχψω', 'ΠΣΥΦΨΩ'];

const math = (command: string) => `$${command}$`;

const SIGNS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    GREEK_SIGNS.flatMap((signs, row) => {
      const names = GREEK[row]!.split(' ');
      return [...signs].map((sign, i) => [sign, math(`\\${names[i]}`)]);
    }),
  ),
  '−': math('-'),
  '±': math('\\pm'),
  '×': math('\\times'),
  '·': math('\\cdot'),
  '→': math('\\rightarrow'),
  '←': math('\\leftarrow'),
  '≤': math('\\leq'),
  '≥': math('\\geq'),
  '≠': math('\\neq'),
  '≈': math('\\approx'),
  '∞': math('\\infty'),
  '°': math('{}^{\\circ}'),
  '²': math('{}^{2}'),
  '³': math('{}^{3}'),
  '⁰': math('{}^{0}'),
  µ: math('\\mu'),
  '–': '--',
  '—': '---',
  '‘': '`',
  '’': "'",
  '“': '``',
  '”': "''",
  '…': '\\ldots{}',
  '\u00a0': '~',
  '\u202f': '\\,',
  ß: '\\ss{}',
  æ: '\\ae{}',
  Æ: '\\AE{}',
  œ: '\\oe{}',
  Œ: '\\OE{}',
  ø: '\\o{}',
  Ø: '\\O{}',
  ł: '\\l{}',
  Ł: '\\L{}',
  ı: '\\i{}',
};

/** Accents as commands, so that no encoding has to be set. */
const ACCENTS: Readonly<Record<string, string>> = {
  '\u0300': '\\`',
  '\u0301': "\\'",
  '\u0302': '\\^',
  '\u0303': '\\~',
  '\u0304': '\\=',
  '\u0306': '\\u',
  '\u0307': '\\.',
  '\u0308': '\\"',
  '\u030a': '\\r',
  '\u030b': '\\H',
  '\u030c': '\\v',
  '\u0327': '\\c',
};

/**
 * Any text as LaTeX sets it: commands, comments and line ends of a text from a file are letters. pdfLaTeX sets all of it but what
 * `otherScripts` finds.
 */
export function latexText(text: string): string {
  const plain = printable(text).replaceAll(/\s+/g, (blank) => (/^[\u00a0\u202f]$/.test(blank) ? blank : ' '));
  return [...plain.normalize('NFC')].map(latexCharacter).join('');
}

function latexCharacter(character: string): string {
  const known = SPECIAL[character] ?? SIGNS[character];
  if (known !== undefined) return known;
  const [letter = '', accent = '', ...more] = character.normalize('NFD');
  const command = ACCENTS[accent];
  if (!command || more.length > 0 || !/[a-z]/i.test(letter)) return character;
  // An accent stands above a dotless i.
  return `${command}{${/[ij]/.test(letter) && accent !== '\u0327' ? `\\${letter}` : letter}}`;
}

/** What is left that pdfLaTeX has no letters for, each once: XeLaTeX and LuaLaTeX set it with a fitting font. */
export function otherScripts(latex: string): string[] {
  return [...new Set(latex.match(/[^\0-\x7f]/gu) ?? [])];
}
