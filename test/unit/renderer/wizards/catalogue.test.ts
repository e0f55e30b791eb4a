import { IntlMessageFormat } from 'intl-messageformat';
import { expect, it } from 'vitest';
import { wizardsDe } from '../../../../src-renderer/i18n/de/wizards';
import { wizardsEn } from '../../../../src-renderer/i18n/en/wizards';

const languages = { en: wizardsEn, de: wizardsDe } as const;

/** Names of the values that a message takes, as its syntax tree has them. */
function valuesOf(message: string, language: string): string[] {
  const names = new Set<string>();
  const look = (nodes: readonly unknown[]): void => {
    for (const node of nodes as readonly {
      type: number;
      value?: string;
      options?: Record<string, { value: unknown[] }>;
    }[]) {
      if (node.type !== 0 && node.type !== 7 && node.value !== undefined) names.add(node.value);
      for (const option of Object.values(node.options ?? {})) look(option.value);
    }
  };
  look(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

it('takes the same values in every language', () => {
  for (const key of Object.keys(wizardsEn) as (keyof typeof wizardsEn)[]) {
    expect([key, valuesOf(wizardsDe[key], 'de')]).toEqual([key, valuesOf(wizardsEn[key], 'en')]);
  }
});

it.each(['en', 'de'] as const)('speaks calmly: %s', (language) => {
  for (const [key, message] of Object.entries(languages[language])) {
    expect([key, message]).not.toEqual([
      key,
      expect.stringMatching(/!|please|successful|\bbitte\b|erfolgreich/i),
    ]);
    expect(message).not.toBe('');
  }
});
