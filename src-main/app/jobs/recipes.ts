import { randomUUID } from 'node:crypto';
import type { jobs, Recipe } from '../../../src-shared/contract/jobs';
import { withoutConfirmation } from '../../../src-shared/contract/confirmation';
import type { Work } from '../../../src-shared/contract/work';
import { AppError } from '../../../src-shared/errors/appError';
import type { Handlers } from '../../../src-shared/rpc/server';
import { canonical } from '../plans/canonical';
import type { Store } from '../store/storeThreadClient';
import { isoNow } from './liveJob';

type RecipeHandlers = Pick<Handlers<(typeof jobs)['members']>, 'recipes' | 'saveRecipe' | 'deleteRecipe'>;

/** Work with a name. */
export class Recipes {
  readonly handlers: RecipeHandlers;

  /**
   * @param changed sends jobs.recipesChanged
   * @param warn told when a run could not be noted
   */
  constructor(
    private readonly store: () => Store,
    private readonly changed: () => void,
    private readonly warn: (text: string) => void,
  ) {
    this.handlers = {
      recipes: () => store().recipes({}),
      saveRecipe: async ({ id, name, work }) => {
        const before = (await store().recipes({})).find((recipe) => recipe.id === id);
        const recipe: Recipe = {
          id: before?.id ?? `recipe-${randomUUID()}`,
          name,
          work: withoutConfirmation(work),
          createdAt: before?.createdAt ?? isoNow(),
          lastRunAt: before?.lastRunAt ?? null,
        };
        await store().putRecipe(recipe);
        changed();
        // A store that has lost its disk takes it all the same; whoever saves something means it to stay.
        const { problem } = await store().state({});
        if (problem !== null) throw notKept(name, problem);
        return recipe;
      },
      deleteRecipe: async ({ id }) => {
        await store().deleteRecipe({ id });
        changed();
        return null;
      },
    };
  }

  /** Notes that work was run: recipes that say the same were run by that, whoever wrote it down. */
  async noteRun(work: Work): Promise<void> {
    try {
      const run = substance(work);
      const same = (await this.store().recipes({})).filter((recipe) => substance(recipe.work) === run);
      for (const recipe of same) await this.store().putRecipe({ ...recipe, lastRunAt: isoNow() });
      if (same.length > 0) this.changed();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.warn(`a recipe's run could not be noted: ${error.message}`);
    }
  }
}

function notKept(name: string, problem: string): AppError {
  return new AppError('io/failed', `"${name}" is kept only until the program ends: ${problem}`, { name });
}

/** What work says beside its permission to replace the file of an earlier run. */
function substance(work: Work): string {
  const said = withoutConfirmation(work);
  return canonical(
    said.verb === 'capture' ? { ...said, request: { ...said.request, overwrite: true } } : said,
  );
}
