import { UsageError } from '../usageError';
import { imagexSwitches } from './imagexSwitches';
import { nearest, suggestion } from './nearest';

/**
 * Refuses names, descriptions and image choices of an ImageX line that can only be misspelt switches: they begin with
 * "/" or "-" and are no path. ImageX refuses them as well, and silence would store the switch as a name.
 * @throws UsageError
 */
export function refuseSwitches(words: readonly (string | undefined)[]): void {
  for (const word of words) {
    if (word === undefined || !/^[/-][^/]+$/.test(word)) continue;
    const name = word.slice(1).split(/[:=]/)[0];
    throw new UsageError(
      `unknown switch ${word}${suggestion(name, Object.keys(imagexSwitches), word[0])}`,
      'imagex',
    );
  }
}

/**
 * Refuses ImageX's switches where wimlib's lines have a name or a description.
 * @param options of the verb, without dashes
 * @throws UsageError
 */
export function refuseImageXWords(
  words: readonly (string | undefined)[],
  options: readonly string[],
  verb: string,
): void {
  for (const word of words) {
    if (word === undefined || !/^\/[a-z]+$/i.test(word)) continue;
    const option = nearest(word.slice(1), options);
    const instead = option === undefined ? 'options begin with "--", for example --check' : `use --${option}`;
    throw new UsageError(
      `${word} is a switch as ImageX has them, not a name; in a line that begins with "${verb}" ${instead}`,
      verb,
    );
  }
}
