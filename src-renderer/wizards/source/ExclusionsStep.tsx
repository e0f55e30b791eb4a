import type { ReactNode } from 'react';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { ErrorNotice } from '../../ui/errorNotice';
import { Select, TextArea, type Option } from '../../ui/fields';
import { Notice, Section } from '../../ui/pieces';
import type { SourceFacts } from '../facts/useSource';
import { Disclosure } from '../runtime/Disclosure';
import type { StepProps } from '../runtime/wizard';
import { addPattern, changePattern, patternsOf, type ListSection } from './configLines';
import { PatternList } from './PatternList';
import type { SourceDraft } from './sourceDraft';

/** What is left out: a list of patterns with what each hits. */
export function ExclusionsStep<D extends SourceDraft, F extends { readonly source: SourceFacts }>({
  draft,
  facts,
  change,
}: StepProps<D, F>): ReactNode {
  const t = useText();
  const lists = useApp(({ settings }) => settings.exclusionLists);
  const { config, exclusions, survey } = facts.source;
  const set = (changes: Partial<SourceDraft>): void => change(changes as Partial<D>);
  const edit = (text: string): void => set({ list: 'own', ownConfig: text });
  const options: Option<string>[] = [
    { value: 'default', label: t('wizards.exclusions.default') },
    ...lists.map(({ id, name }) => ({ value: id, label: name })),
    ...(draft.ownConfig === '' && draft.list !== 'own'
      ? []
      : [{ value: 'own', label: t('wizards.exclusions.own') }]),
    { value: 'none', label: t('wizards.exclusions.none') },
  ];
  const hits = exclusions.value ?? exclusions.last;
  const section = (name: ListSection): ReactNode => (
    <PatternList
      label={t(`wizards.exclusions.${name}`)}
      patterns={patternsOf(config, name)}
      {...(name === 'ExclusionList' && exclusions.value !== undefined
        ? { hits: exclusions.value.patterns }
        : {})}
      onChange={(line, pattern) => edit(changePattern(config, line, pattern))}
      onAdd={(pattern) => edit(addPattern(config, name, pattern))}
      lesson={`exclusions.${name}`}
    />
  );
  return (
    <div className="stack">
      <div className="wizard-short">
        <Select
          label={t('wizards.exclusions.list')}
          value={options.some(({ value }) => value === draft.list) ? draft.list : 'default'}
          onChange={(list) => set({ list })}
          options={options}
          lesson="exclusions.list"
        />
      </div>
      <p className="soft" role="status">
        {hits !== undefined
          ? t('wizards.exclusions.total', {
              count: hits.files + hits.directories,
              files: t('common.files', { count: hits.files }),
              folders: t('common.folders', {
                count: hits.directories,
              }),
              size: formatBytes(hits.bytes),
            })
          : survey.busy
            ? t('wizards.exclusions.later')
            : ''}
      </p>
      {exclusions.error !== undefined && <ErrorNotice error={exclusions.error} />}
      {(hits?.warnings ?? []).length > 0 && (
        <Notice tone="decision">
          {hits?.warnings.map((warning) => (
            <div key={warning}>{warning}</div>
          ))}
        </Notice>
      )}
      <Section title={t('wizards.exclusions.ExclusionList')}>{section('ExclusionList')}</Section>
      <Disclosure title={t('wizards.exclusions.more')}>
        <Section title={t('wizards.exclusions.ExclusionException')}>{section('ExclusionException')}</Section>
        <Section title={t('wizards.exclusions.CompressionExclusionList')}>
          {section('CompressionExclusionList')}
        </Section>
        <TextArea
          label={t('wizards.exclusions.raw')}
          hint={t('wizards.exclusions.rawHint')}
          value={config}
          onChange={edit}
          rows={10}
          mono
        />
      </Disclosure>
    </div>
  );
}
