import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { ExclusionList } from '../../../src-shared/contract/app';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { Button } from '../../ui/button';
import { TextArea, TextField } from '../../ui/fields';
import { Section } from '../../ui/pieces';
import type { SectionProps } from './SettingsView';

/** Named lists of what captures leave out. */
export function ExclusionLists({ settings, change }: SectionProps): ReactNode {
  const t = useText();
  const defaults = useApp((state) => state.info?.defaultExclusions ?? '');
  const [selected, setSelected] = useState<string | null>(settings.exclusionLists[0]?.id ?? null);
  const lists = settings.exclusionLists;
  const list = lists.find(({ id }) => id === selected);
  const add = (): void => {
    const id = crypto.randomUUID();
    const name = freeName(
      t('settings.newList'),
      lists.map((other) => other.name),
    );
    change({ exclusionLists: [...lists, { id, name, config: defaults }] });
    setSelected(id);
  };
  return (
    <>
      <p className="soft">{t('settings.exclusionsText')}</p>
      <Section title={t('settings.lists')}>
        {lists.length === 0 && <p className="soft">{t('settings.noLists')}</p>}
        <div className="settings-lists">
          {lists.map(({ id, name }) => (
            <Button key={id} aria-pressed={id === selected} onPress={() => setSelected(id)}>
              {name}
            </Button>
          ))}
          <Button icon={Plus} onPress={add}>
            {t('settings.addList')}
          </Button>
        </div>
      </Section>
      {list !== undefined && (
        <ListEditor
          key={list.id}
          list={list}
          onSave={(changed) =>
            change({ exclusionLists: lists.map((other) => (other.id === changed.id ? changed : other)) })
          }
          onDelete={() => {
            change({ exclusionLists: lists.filter(({ id }) => id !== list.id) });
            setSelected(null);
          }}
        />
      )}
    </>
  );
}

function ListEditor({
  list,
  onSave,
  onDelete,
}: {
  readonly list: ExclusionList;
  readonly onSave: (list: ExclusionList) => void;
  readonly onDelete: () => void;
}): ReactNode {
  const t = useText();
  const [name, setName] = useState(list.name);
  const [config, setConfig] = useState(list.config);
  const changed = name !== list.name || config !== list.config;
  return (
    <>
      <TextField label={t('settings.listName')} value={name} onChange={setName} />
      <TextArea label={t('settings.listText')} value={config} onChange={setConfig} rows={14} mono />
      <div className="row-flex">
        <Button
          kind="primary"
          isDisabled={!changed || name.trim() === ''}
          onPress={() => onSave({ ...list, name: name.trim(), config })}
        >
          {t('settings.saveList')}
        </Button>
        <Button kind="quiet" onPress={onDelete}>
          {t('settings.deleteList')}
        </Button>
      </div>
    </>
  );
}

function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? name : `${name} ${number}`;
    if (!taken.includes(numbered)) return numbered;
  }
}
