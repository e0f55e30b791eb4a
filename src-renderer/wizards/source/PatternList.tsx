import { ChevronDown, ChevronRight, Plus, X } from 'lucide-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { Button, IconButton } from '../../ui/button';
import { TextField } from '../../ui/fields';
import { PathText } from '../../ui/pieces';
import type { Exclusions } from '../facts/useSource';
import type { PatternLine } from './configLines';

type Hit = Exclusions['patterns'][number];

/** Patterns to edit, with what each hits where that is known. */
export function PatternList({
  label,
  patterns,
  hits,
  onChange,
  onAdd,
  lesson,
}: {
  readonly label: string;
  readonly patterns: readonly PatternLine[];
  /** One for each pattern, in its order. */
  readonly hits?: readonly Hit[];
  /** An empty pattern takes the line away. */
  readonly onChange: (line: number, pattern: string) => void;
  readonly onAdd: (pattern: string) => void;
  readonly lesson?: string;
}): ReactNode {
  const t = useText();
  const [added, setAdded] = useState('');
  const add = (): void => {
    if (added.trim() === '') return;
    onAdd(added);
    setAdded('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || added.trim() === '') return;
    event.preventDefault();
    add();
  };
  // Hits belong to the patterns only while both lists are of one text.
  const matched = hits !== undefined && hits.length === patterns.length ? hits : undefined;
  return (
    <div className="wizard-patterns" data-lesson={lesson}>
      <ul aria-label={label}>
        {patterns.map(({ line, pattern }, i) => (
          <PatternRow
            key={line}
            pattern={pattern}
            hit={matched?.[i]}
            onChange={(next) => onChange(line, next)}
          />
        ))}
        {patterns.length === 0 && <li className="soft">{t('wizards.exclusions.empty')}</li>}
      </ul>
      <div className="wizard-pattern-add" onKeyDown={onKeyDown}>
        <TextField
          label={t('wizards.exclusions.add', { list: label })}
          hideLabel
          placeholder={t('wizards.exclusions.placeholder')}
          value={added}
          onChange={setAdded}
        />
        <Button icon={Plus} isDisabled={added.trim() === ''} onPress={add}>
          {t('common.add')}
        </Button>
      </div>
    </div>
  );
}

function PatternRow({
  pattern,
  hit,
  onChange,
}: {
  readonly pattern: string;
  readonly hit: Hit | undefined;
  readonly onChange: (pattern: string) => void;
}): ReactNode {
  const t = useText();
  const [draft, setDraft] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const count = hit === undefined ? 0 : hit.files + hit.directories;
  const commit = (): void => {
    if (draft !== null && draft !== pattern) onChange(draft);
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && draft !== null) {
      event.stopPropagation();
      setDraft(null);
    }
    if (event.key === 'Enter' && draft !== null && draft !== pattern) {
      event.preventDefault();
      commit();
    }
  };
  return (
    <li>
      <div className="wizard-pattern">
        <div className="grow" onBlur={commit} onKeyDown={onKeyDown}>
          <TextField
            label={t('wizards.exclusions.pattern')}
            hideLabel
            value={draft ?? pattern}
            onChange={setDraft}
          />
        </div>
        <span className="hits soft">
          {hit === undefined
            ? ''
            : count === 0
              ? t('wizards.exclusions.nothing')
              : t('wizards.exclusions.hits', {
                  count,
                  size: formatBytes(hit.bytes),
                })}
        </span>
        <IconButton
          label={t('wizards.exclusions.show', { pattern })}
          icon={open ? ChevronDown : ChevronRight}
          isDisabled={count === 0}
          aria-expanded={open}
          onPress={() => setOpen(!open)}
        />
        <IconButton
          label={t('wizards.exclusions.remove', { pattern })}
          icon={X}
          onPress={() => onChange('')}
        />
      </div>
      {open && hit !== undefined && count > 0 && (
        <ul className="wizard-hit-paths">
          {hit.first.map((path) => (
            <li key={path}>
              <PathText path={path} />
            </li>
          ))}
          {count > hit.first.length && (
            <li className="soft">{t('common.moreItems', { count: count - hit.first.length })}</li>
          )}
        </ul>
      )}
    </li>
  );
}
