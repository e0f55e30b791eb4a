import { BookMarked, Play, Trash2 } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { Recipe } from '../../../src-shared/contract/jobs';
import { api } from '../../api/api';
import { formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { workTitle } from '../../stores/workNames';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ErrorNotice } from '../../ui/errorNotice';
import { useRunAgain, type RunAgain } from './RunAgain';

/** Opens the list of recipes. */
export function RecipesButton(): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const again = useRunAgain(() => setOpen(false));
  return (
    <>
      <Button icon={BookMarked} onPress={() => setOpen(true)}>
        {t('jobs.recipes')}
      </Button>
      {/* Dialogs are not stacked: the list makes room for the question. */}
      {open && !again.asks && <RecipesDialog again={again} onClose={() => setOpen(false)} />}
      {again.dialog}
    </>
  );
}

function RecipesDialog({
  again,
  onClose,
}: {
  readonly again: RunAgain;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const recipes = useRecipes();
  return (
    <Dialog
      title={t('jobs.recipes')}
      isOpen
      onClose={onClose}
      footer={<Button onPress={onClose}>{t('common.close')}</Button>}
    >
      {recipes?.length === 0 && <p className="soft">{t('jobs.noRecipes')}</p>}
      <ul className="jobs-recipes">
        {recipes?.map(({ id, name, work, lastRunAt }) => (
          <li key={id}>
            <span className="grow">
              <strong>{name}</strong>{' '}
              <span className="soft">
                {workTitle(work, t)},{' '}
                {lastRunAt === null ? t('jobs.neverRun') : t('jobs.lastRun', { time: formatTime(lastRunAt) })}
              </span>
            </span>
            <IconButton
              label={t('jobs.recipeRun', { name })}
              icon={Play}
              isDisabled={again.busy}
              onPress={() => void again.start(work)}
            />
            <IconButton
              label={t('jobs.recipeDelete', { name })}
              icon={Trash2}
              onPress={() => void api.jobs.deleteRecipe({ id })}
            />
          </li>
        ))}
      </ul>
      {again.error !== undefined && <ErrorNotice error={again.error} />}
    </Dialog>
  );
}

function useRecipes(): readonly Recipe[] | undefined {
  const [recipes, setRecipes] = useState<readonly Recipe[]>();
  useEffect(() => {
    let gone = false;
    const read = async (): Promise<void> => {
      const all = await api.jobs.recipes({});
      if (!gone) setRecipes(all);
    };
    void read();
    const stop = api.jobs.recipesChanged(() => void read());
    return () => {
      gone = true;
      stop();
    };
  }, []);
  return recipes;
}
