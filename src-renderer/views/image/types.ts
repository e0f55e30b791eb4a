import type { z } from 'zod';
import type {
  EntryFacts as EntryFactsShape,
  EntryRow as EntryRowShape,
  StreamRow as StreamRowShape,
} from '../../../src-shared/contract/browse';

/** An entry as one row of a list. */
export type EntryRow = z.infer<typeof EntryRowShape>;
/** Everything that the image keeps of an entry. */
export type EntryFacts = z.infer<typeof EntryFactsShape>;
/** One stream of an entry. */
export type StreamRow = z.infer<typeof StreamRowShape>;
