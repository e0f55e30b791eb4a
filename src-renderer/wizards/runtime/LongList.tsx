import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { CopyButton, PathText, type Tone } from '../../ui/pieces';
import { classes } from '../../ui/classes';

export interface ListLine {
  /** '' when the text says all. */
  readonly path: string;
  readonly text: string;
}

interface Props {
  /** With the number of all. */
  readonly title: string;
  readonly lines?: readonly ListLine[];
  /** Paths under a heading each, in place of lines. */
  readonly groups?: readonly { readonly name: string; readonly paths: readonly string[] }[];
  /** How many there are, shown or not. */
  readonly total: number;
  readonly tone?: Tone;
}

const SHOWN = 100;

/** A list that may be long: closed at first, its beginning when opened, all that is at hand to copy. */
export function LongList({ title, lines = [], groups = [], total, tone = 'plain' }: Props): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const known = groups.length > 0 ? groups.reduce((sum, { paths }) => sum + paths.length, 0) : lines.length;
  const shownLines = lines.slice(0, SHOWN);
  const shown = groups.length > 0 ? known : shownLines.length;
  return (
    <div className={classes('wizard-list', tone)}>
      <div className="row-flex">
        <Button
          kind="quiet"
          icon={open ? ChevronDown : ChevronRight}
          onPress={() => setOpen(!open)}
          aria-expanded={open}
        >
          {title}
        </Button>
        {!open && groups.length > 0 && <span className="soft wizard-list-groups">{countsOf(groups)}</span>}
        <CopyButton text={asText(lines, groups)} />
      </div>
      {open && (
        <div className="scroll wizard-list-body" tabIndex={0} role="region" aria-label={title}>
          {groups.map(({ name, paths }) => (
            <div key={name}>
              <div className="wizard-list-head">
                <code>{name}</code> <span className="soft">{paths.length}</span>
              </div>
              <ul>
                {paths.map((path) => (
                  <li key={path}>
                    <PathText path={path} />
                  </li>
                ))}
              </ul>
            </div>
          ))}
          <ul>
            {shownLines.map(({ path, text }) => (
              <li key={path + text}>
                {path !== '' && <PathText path={path} />}
                <span className={path === '' ? undefined : 'soft'}>{text}</span>
              </li>
            ))}
            {total > shown && <li className="soft">{t('common.moreItems', { count: total - shown })}</li>}
          </ul>
        </div>
      )}
    </div>
  );
}

/** Each heading with how many stand under it. */
function countsOf(groups: Required<Props>['groups']): string {
  return groups.map(({ name, paths }) => `${name} (${paths.length})`).join(', ');
}

function asText(lines: readonly ListLine[], groups: Required<Props>['groups']): string {
  const grouped = groups.flatMap(({ name, paths }) => paths.map((path) => `${path}\t${name}`));
  return [...grouped, ...lines.map(({ path, text }) => (path === '' ? text : `${path}\t${text}`))].join('\n');
}
