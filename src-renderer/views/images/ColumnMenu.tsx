import { Check, Columns3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';

/** Chooses which columns a table shows. */
export function ColumnMenu({
  columns,
  hidden,
  onHidden,
}: {
  readonly columns: readonly { readonly id: string; readonly header: string }[];
  readonly hidden: readonly string[];
  readonly onHidden: (hidden: readonly string[]) => void;
}): ReactNode {
  const t = useText();
  const shown = columns.filter(({ id }) => !hidden.includes(id)).map(({ id }) => id);
  return (
    <MenuTrigger>
      <Button icon={Columns3}>{t('common.columns')}</Button>
      <Popover className="ui-popover" placement="bottom end">
        <Menu
          aria-label={t('images.columns')}
          className="ui-menu"
          selectionMode="multiple"
          selectedKeys={shown}
          onSelectionChange={(keys) => {
            if (keys === 'all') onHidden([]);
            else onHidden(columns.filter(({ id }) => !keys.has(id)).map(({ id }) => id));
          }}
        >
          {columns.map(({ id, header }) => (
            <MenuItem key={id} id={id} textValue={header} className="ui-menu-item">
              {({ isSelected }) => (
                <>
                  <span className="images-tick" aria-hidden>
                    {isSelected && <Check className="ui-icon" />}
                  </span>
                  {header}
                </>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
