import { useState, type ReactNode } from 'react';
import type { Work } from '../../../src-shared/contract/work';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { workSubject } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ErrorNotice } from '../../ui/errorNotice';
import { TextField } from '../../ui/fields';

/** Asks for a name and keeps the work as a recipe. */
export function RecipeDialog({
  work,
  onClose,
}: {
  readonly work: Work;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const [name, setName] = useState(() => `${t(`verb.${work.verb}`)} ${workSubject(work)}`);
  const [fault, setFault] = useState<unknown>();
  const save = async (): Promise<void> => {
    if (name.trim() === '') return;
    try {
      await api.jobs.saveRecipe({ name: name.trim(), work });
      onClose();
    } catch (error) {
      setFault(error);
    }
  };
  return (
    <Dialog
      title={t('wizards.recipe.title')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" isDisabled={name.trim() === ''} onPress={() => void save()}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('wizards.recipe.name')}
        hint={t('wizards.recipe.hint')}
        value={name}
        onChange={setName}
        onSubmit={() => void save()}
        autoFocus
      />
      {fault !== undefined && <ErrorNotice error={fault} />}
    </Dialog>
  );
}
