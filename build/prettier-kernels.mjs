// Prettier plugin for the codecs' kernels. AssemblyScript puts decorators such as @inline on functions, which no
// TypeScript parser accepts: they are parsed as comments and printed as what they were.
import * as estree from 'prettier/plugins/estree';
import * as typescript from 'prettier/plugins/typescript';

/** Marks such a comment; as long as the '@' and its line's end are together with it, columns shift by this only. */
const mark = '//decorator:';

const base = typescript.parsers.typescript;
/** @type {import('prettier').Printer} */
const printer = /** @type {any} */ (estree).printers.estree;

/** @type {Record<string, import('prettier').Parser>} */
export const parsers = {
  assemblyscript: {
    ...base,
    astFormat: 'estree-assemblyscript',
    parse: (text, options) => {
      const marked = text.replace(/^(\s*)@(?=\w+(\(.*\))?$)/gm, `$1${mark}`);
      // The printer reads comments and literals out of the text that was parsed.
      options.originalText = marked;
      return base.parse(marked, options);
    },
  },
};

/** @type {Record<string, import('prettier').Printer>} */
export const printers = {
  'estree-assemblyscript': {
    ...printer,
    printComment: (commentPath, options) => {
      const { value } = commentPath.node;
      const decorator = mark.slice(2);
      if (typeof value === 'string' && value.startsWith(decorator))
        return `@${value.slice(decorator.length)}`;
      return printer.printComment?.(commentPath, options) ?? '';
    },
  },
};
