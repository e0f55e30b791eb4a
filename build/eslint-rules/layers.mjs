// Local eslint rule: which layer may import which.
//
//   entry -> {electron | headless | cli} -> app -> workers -> platform -> engine -> engine/binary
//
// Each may import those after it, and everything may import src-shared. Of the engine, platform takes the vocabulary
// that it implements (tree, binary) as it is, and the rest as types only. Main and renderer never import each other.
import path from 'node:path';

/**
 * A layer: the folder that makes it, and how high it is. A layer imports itself and what is lower on its own side.
 * @typedef {{ name: string, folder: string, side: 'main' | 'renderer' | 'shared', height: number }} Layer
 */

/** @type {readonly Layer[]} The first folder that holds a file decides. */
const layers = [
  { name: 'src-shared', folder: 'src-shared', side: 'shared', height: 0 },
  { name: 'renderer', folder: 'src-renderer', side: 'renderer', height: 1 },
  { name: 'entry', folder: 'src-main/entry', side: 'main', height: 7 },
  { name: 'electron', folder: 'src-main/electron', side: 'main', height: 6 },
  { name: 'headless', folder: 'src-main/headless', side: 'main', height: 6 },
  { name: 'cli', folder: 'src-main/cli', side: 'main', height: 6 },
  { name: 'app', folder: 'src-main/app', side: 'main', height: 5 },
  { name: 'workers', folder: 'src-main/workers', side: 'main', height: 4 },
  { name: 'platform', folder: 'src-main/platform', side: 'main', height: 3 },
  { name: 'engine/binary', folder: 'src-main/engine/binary', side: 'main', height: 1 },
  { name: 'engine', folder: 'src-main/engine', side: 'main', height: 2 },
];

/** Files outside the source folders that code may read: facts about the program, never code. */
const facts = ['package.json', 'assets/'];

/** Parts of the engine that platform uses as they are: the vocabulary of the interfaces it implements. */
const platformVocabulary = /^src-main\/engine\/(tree|binary)\//;

/** @param {string} file path from the repository's root, with forward slashes */
function layerOf(file) {
  return layers.find(({ folder }) => file.startsWith(`${folder}/`));
}

/**
 * @param {Layer} from
 * @param {Layer} to
 * @returns {string | undefined} what to do instead, when `from` must not import `to`
 */
function adviceAgainst(from, to) {
  if (from.name === to.name || to.name === 'src-shared') return undefined;
  if (from.name === 'src-shared') return `src-shared runs anywhere: move what you need into src-shared`;
  if (from.side !== to.side)
    return 'they talk through the channels in src-shared/contract; put shared types there';
  if (to.height < from.height) return undefined;
  if (to.height === from.height) return 'the shells stand side by side: move what both need into app';
  if (from.name.startsWith('engine')) {
    return `the engine is pure: declare an interface in ${from.name} and take what you need as an argument`;
  }
  return `imports go downwards only: move what you need below ${from.name}, or take it as an argument`;
}

/**
 * @param {import('estree').Node & { importKind?: string, exportKind?: string, specifiers?: unknown[] }} node
 * @returns {boolean} whether nothing of the import is left when types are erased
 */
function isTypeOnly(node) {
  const type = /** @type {string} */ (node.type);
  if (type === 'TSImportType') return true;
  return node.importKind === 'type' || node.exportKind === 'type';
}

/** @type {import('eslint').Rule.RuleModule} */
export const layersRule = {
  meta: {
    type: 'problem',
    docs: { description: 'imports follow the layers of the program' },
    schema: [],
    messages: {
      direction: '{{from}} must not import {{to}}: {{advice}}.',
      typesOnly:
        '{{from}} imports {{to}} for its types only: write "import type", or move the value to engine/tree.',
      unknownLayer:
        '{{file}} is in no layer: use the folders that build/eslint-rules/layers.mjs lists, or add one there.',
      outside: '{{from}} must not import {{file}}: it is no part of the program; put it into a layer.',
    },
  },

  create(context) {
    /** @param {string} absolute */
    const fromRoot = (absolute) => path.relative(context.cwd, absolute).replaceAll('\\', '/');
    const file = fromRoot(context.filename);
    if (!/^src-/.test(file)) return {};
    const from = layerOf(file);

    /**
     * @param {import('estree').Node} node
     * @param {unknown} specifier
     */
    const check = (node, specifier) => {
      if (typeof specifier !== 'string' || !specifier.startsWith('.') || !from) return;
      const target = fromRoot(path.resolve(path.dirname(context.filename), specifier));
      const to = layerOf(target) ?? layerOf(`${target}/`);
      if (!to) {
        if (facts.some((fact) => target === fact || target.startsWith(fact))) return;
        context.report({ node, messageId: 'outside', data: { from: from.name, file: target } });
        return;
      }
      const advice = adviceAgainst(from, to);
      const data = { from: from.name, to: to.name, advice: advice ?? '' };
      if (advice) {
        context.report({ node, messageId: 'direction', data });
      } else if (from.name === 'platform' && to.name === 'engine') {
        if (!platformVocabulary.test(target) && !isTypeOnly(node)) {
          context.report({ node, messageId: 'typesOnly', data });
        }
      }
    };

    /** @param {any} node a node that has a source: import or export declaration, import() or a type's import */
    const checkSource = (node) => {
      check(node, (node.source ?? node.argument?.literal ?? node.moduleReference?.expression)?.value);
    };

    return {
      Program(node) {
        if (!from) context.report({ node, messageId: 'unknownLayer', data: { file } });
      },
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportType: checkSource,
      TSImportEqualsDeclaration: checkSource,
      CallExpression(node) {
        const [argument] = node.arguments;
        const isRequire = node.callee.type === 'Identifier' && node.callee.name === 'require';
        if (isRequire && argument?.type === 'Literal') check(node, argument.value);
      },
    };
  },
};
