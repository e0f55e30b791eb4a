import { DraftShelf } from './draftShelf';

/** The drafts of the wizards, in the browser's store. */
export const drafts = new DraftShelf(localStorage);
