/** The features, as a glob of cucumber from the repository's root. */
export const FEATURES = ['features/**/*.feature'];

/** The steps of the features, likewise. */
export const STEPS = ['steps/**/*.ts'];
