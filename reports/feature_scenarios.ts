import { readFileSync } from 'node:fs';

import { generateMessages } from '@cucumber/gherkin';
import { IdGenerator, SourceMediaType } from '@cucumber/messages';

import { FeatureIndex, type NamedScenario } from './feature_index.ts';

/**
 * Every scenario of these features; each row of an outline is one. Undefined where a feature does not parse.
 *
 * @throws the file system's error where a file cannot be read
 */
export function scenariosIn(files: readonly string[]): readonly NamedScenario[] | undefined {
  const newId = IdGenerator.incrementing();
  const features = new FeatureIndex();
  const options = { newId, includeGherkinDocument: true, includePickles: true };
  const messages = files.flatMap((file) =>
    generateMessages(
      readFileSync(file, 'utf8'),
      file,
      SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_PLAIN,
      options,
    ),
  );
  if (messages.some(({ parseError }) => parseError)) return undefined;
  for (const { gherkinDocument } of messages) if (gherkinDocument) features.add(gherkinDocument);
  return messages.flatMap(({ pickle }) => (pickle ? [features.namesOf(pickle)] : []));
}
